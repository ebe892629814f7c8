-- Tubes, boxes and results. capacity: how many people's samples go into one tube. box_no: where it lies; result: 0 none, else 1 + the
-- number of the result. opened, sealed, packed, judged: the statement that stands.
CREATE TABLE tube (site_id BYTEA NOT NULL, tube_no BIGINT NOT NULL, id BYTEA NOT NULL, round_no BIGINT NOT NULL, code TEXT NOT NULL,
  capacity BIGINT NOT NULL, use BIGINT NOT NULL, box_no BIGINT, result BIGINT NOT NULL, result_ms BIGINT, method TEXT NOT NULL,
  opened BYTEA NOT NULL, sealed BYTEA NOT NULL, packed BYTEA NOT NULL, PRIMARY KEY (site_id, tube_no)) /* narrow */;
CREATE TABLE box (site_id BYTEA NOT NULL, box_no BIGINT NOT NULL, id BYTEA NOT NULL, code TEXT NOT NULL, packed BYTEA NOT NULL,
  PRIMARY KEY (site_id, box_no)) /* narrow */;
-- One side's word about one handing over; it is confirmed when the other side's word is there too.
CREATE TABLE hand (site_id BYTEA NOT NULL, hand_no BIGINT NOT NULL, box_no BIGINT NOT NULL, side BIGINT NOT NULL, by_no BIGINT NOT NULL,
  other_no BIGINT NOT NULL, stamp BYTEA NOT NULL, PRIMARY KEY (site_id, hand_no)) /* narrow */;
-- A person in a tube. filled: the earliest statement; listed: that of the seal that names him. state: whether it stands, and if not
-- why. decision: 0 none, else 1 + the number of the decision.
CREATE TABLE sample (site_id BYTEA NOT NULL, sample_no BIGINT NOT NULL, tube_no BIGINT NOT NULL, person_no BIGINT NOT NULL,
  position BIGINT NOT NULL, decision BIGINT NOT NULL, state BIGINT NOT NULL, filled BYTEA NOT NULL, listed BYTEA NOT NULL,
  PRIMARY KEY (site_id, sample_no)) /* narrow */;
-- The end of a person's hold after a positive tube.
CREATE TABLE release (site_id BYTEA NOT NULL, release_no BIGINT NOT NULL, person_no BIGINT NOT NULL, how BIGINT NOT NULL,
  reason TEXT NOT NULL, stamp BYTEA NOT NULL, PRIMARY KEY (site_id, release_no)) /* narrow */;
