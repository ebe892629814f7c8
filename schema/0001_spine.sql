-- One schema for every store. Every key begins with site_id. Numbers called *_no are dense within the site and given by the
-- program in ledger order; times are milliseconds since 1970 UTC; personal values stand only in sealed columns. Where a table is
-- marked narrow, its rows are small enough to live in the key's own tree (SQLite: WITHOUT ROWID).
CREATE TABLE site (site_id BYTEA NOT NULL, name TEXT NOT NULL, code TEXT NOT NULL, synthetic BIGINT NOT NULL,
  head_seq BIGINT NOT NULL, PRIMARY KEY (site_id));

-- The ledger. text is byte for byte what the device signed; parts are the sealed clear values that its hashes stand for.
CREATE TABLE entry (site_id BYTEA NOT NULL, seq BIGINT NOT NULL, device_no BIGINT NOT NULL, n BIGINT NOT NULL,
  at_ms BIGINT NOT NULL, reason BIGINT NOT NULL, text TEXT NOT NULL, parts BYTEA, PRIMARY KEY (site_id, seq));
-- One upload of a device: entries first_n to last_n have sequence numbers first_seq and on.
CREATE TABLE receipt (site_id BYTEA NOT NULL, device_no BIGINT NOT NULL, last_n BIGINT NOT NULL, first_n BIGINT NOT NULL,
  first_seq BIGINT NOT NULL, sent_ms BIGINT NOT NULL, received_ms BIGINT NOT NULL, head BYTEA NOT NULL,
  device_sign BYTEA NOT NULL, verdicts BYTEA NOT NULL, site_sign BYTEA NOT NULL, PRIMARY KEY (site_id, device_no, last_n)) /* narrow */;
-- A second, different entry under a number that is taken.
CREATE TABLE fork (site_id BYTEA NOT NULL, device_no BIGINT NOT NULL, n BIGINT NOT NULL, hash BYTEA NOT NULL,
  received_ms BIGINT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (site_id, device_no, n, hash));

-- From here on everything follows from the ledger.
CREATE TABLE device (site_id BYTEA NOT NULL, device_no BIGINT NOT NULL, id BYTEA NOT NULL, kind BIGINT NOT NULL, name TEXT NOT NULL,
  public_key BYTEA NOT NULL, revoked BIGINT NOT NULL, head_n BIGINT NOT NULL, head BYTEA NOT NULL, last_ms BIGINT NOT NULL,
  PRIMARY KEY (site_id, device_no)) /* narrow */;
CREATE TABLE held (site_id BYTEA NOT NULL, seq BIGINT NOT NULL, device_no BIGINT NOT NULL, n BIGINT NOT NULL,
  reason BIGINT NOT NULL, needs BYTEA, state BIGINT NOT NULL, PRIMARY KEY (site_id, seq)) /* narrow */;
CREATE TABLE area (site_id BYTEA NOT NULL, area_no BIGINT NOT NULL, id BYTEA NOT NULL, kind BIGINT NOT NULL, parent_no BIGINT,
  code TEXT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL, use TEXT NOT NULL, floors BIGINT NOT NULL, from_ms BIGINT,
  to_ms BIGINT, lon BIGINT NOT NULL, lat BIGINT NOT NULL, keeper_no BIGINT, geometry TEXT, PRIMARY KEY (site_id, area_no));
CREATE TABLE feature (site_id BYTEA NOT NULL, feature_no BIGINT NOT NULL, id BYTEA NOT NULL, kind BIGINT NOT NULL, code TEXT NOT NULL,
  name TEXT NOT NULL, from_ms BIGINT, to_ms BIGINT, geometry TEXT, PRIMARY KEY (site_id, feature_no));
CREATE TABLE member (site_id BYTEA NOT NULL, member_no BIGINT NOT NULL, id BYTEA NOT NULL, sealed BYTEA,
  PRIMARY KEY (site_id, member_no)) /* narrow */;
CREATE TABLE door (site_id BYTEA NOT NULL, door_no BIGINT NOT NULL, id BYTEA NOT NULL, area_no BIGINT, kind BIGINT NOT NULL,
  unit TEXT NOT NULL, floor TEXT NOT NULL, room TEXT NOT NULL, name TEXT NOT NULL, stamp BYTEA NOT NULL,
  PRIMARY KEY (site_id, door_no)) /* narrow */;
CREATE TABLE household (site_id BYTEA NOT NULL, household_no BIGINT NOT NULL, id BYTEA NOT NULL, door_no BIGINT NOT NULL,
  kind BIGINT NOT NULL, stamp BYTEA NOT NULL, PRIMARY KEY (site_id, household_no)) /* narrow */;
-- sealed: the personal fields with their stamps, by the person's key.
CREATE TABLE person (site_id BYTEA NOT NULL, person_no BIGINT NOT NULL, id BYTEA NOT NULL, merged_into BIGINT, sealed BYTEA,
  PRIMARY KEY (site_id, person_no)) /* narrow */;
-- What was said, in order, about where a person lives: why 0 "lives at", else 1 + the reason of having left.
CREATE TABLE stay (site_id BYTEA NOT NULL, stay_no BIGINT NOT NULL, person_no BIGINT NOT NULL, door_no BIGINT, household_no BIGINT,
  at_ms BIGINT NOT NULL, why BIGINT NOT NULL, stamp BYTEA NOT NULL, PRIMARY KEY (site_id, stay_no)) /* narrow */;
-- Which row of which list said it. seen: keyed hash of the row's content, so that a row once read is known again.
CREATE TABLE source (site_id BYTEA NOT NULL, source_no BIGINT NOT NULL, device_no BIGINT NOT NULL, row_no BIGINT NOT NULL,
  person_no BIGINT NOT NULL, seen BYTEA NOT NULL, PRIMARY KEY (site_id, source_no)) /* narrow */;
CREATE TABLE batch (site_id BYTEA NOT NULL, device_no BIGINT NOT NULL, file TEXT NOT NULL, kind BIGINT NOT NULL, content BYTEA NOT NULL,
  rows BIGINT NOT NULL, fresh BIGINT NOT NULL, matched BIGINT NOT NULL, pairs BIGINT NOT NULL, PRIMARY KEY (site_id, device_no)) /* narrow */;
CREATE TABLE pair (site_id BYTEA NOT NULL, pair_no BIGINT NOT NULL, a_no BIGINT NOT NULL, b_no BIGINT NOT NULL, why TEXT NOT NULL,
  decision BIGINT NOT NULL, PRIMARY KEY (site_id, pair_no)) /* narrow */;
CREATE TABLE round (site_id BYTEA NOT NULL, round_no BIGINT NOT NULL, id BYTEA NOT NULL, number BIGINT NOT NULL, kind BIGINT NOT NULL,
  freeze_ms BIGINT NOT NULL, past BIGINT NOT NULL, closed_seq BIGINT NOT NULL, late BIGINT NOT NULL, PRIMARY KEY (site_id, round_no));
-- What is known of a person in a round; sealed: the evidence, by his key; in_roster, and how: 0 none, 1 found, 2 arrived.
CREATE TABLE mark (site_id BYTEA NOT NULL, round_no BIGINT NOT NULL, person_no BIGINT NOT NULL, in_roster BIGINT NOT NULL,
  how BIGINT NOT NULL, state BIGINT NOT NULL, excuse BIGINT NOT NULL, decision BIGINT NOT NULL, door_no BIGINT, area_no BIGINT, sealed BYTEA,
  stamp BYTEA NOT NULL, how_stamp BYTEA NOT NULL, PRIMARY KEY (site_id, round_no, person_no)) /* narrow */;
CREATE TABLE visit (site_id BYTEA NOT NULL, round_no BIGINT NOT NULL, door_no BIGINT NOT NULL, outcome BIGINT NOT NULL,
  heads BIGINT NOT NULL, visits BIGINT NOT NULL, stamp BYTEA NOT NULL, PRIMARY KEY (site_id, round_no, door_no)) /* narrow */;
-- Who is in which set, a bit a person number, of the people of one cell: chunk c holds numbers 32768c and on, without the
-- zero bytes at its end.
CREATE TABLE cover (site_id BYTEA NOT NULL, round_no BIGINT NOT NULL, cell_no BIGINT NOT NULL, kind BIGINT NOT NULL,
  chunk BIGINT NOT NULL, bits BYTEA NOT NULL, PRIMARY KEY (site_id, round_no, cell_no, kind, chunk)) /* narrow */;
