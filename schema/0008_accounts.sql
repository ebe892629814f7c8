-- Who signs in, and how: not of the ledger. A login may be a member of several sites.
CREATE TABLE account (account_id BYTEA NOT NULL, login TEXT NOT NULL, password TEXT NOT NULL, totp BYTEA, totp_step BIGINT NOT NULL,
  recovery BYTEA, failed BIGINT NOT NULL, locked_ms BIGINT NOT NULL, disabled BIGINT NOT NULL, made_ms BIGINT NOT NULL,
  PRIMARY KEY (account_id), UNIQUE (login)) /* reference */;
CREATE TABLE account_site (account_id BYTEA NOT NULL, site_id BYTEA NOT NULL, member_id BYTEA NOT NULL, PRIMARY KEY (account_id, site_id)) /* reference */;
-- A signed-in browser or an enrolled phone; token: the hash of what it shows.
CREATE TABLE session (token BYTEA NOT NULL, account_id BYTEA, device_id BYTEA, site_id BYTEA NOT NULL, made_ms BIGINT NOT NULL,
  seen_ms BIGINT NOT NULL, until_ms BIGINT NOT NULL, agent TEXT NOT NULL, PRIMARY KEY (token)) /* reference */;
-- An invitation to enrol one phone, shown as a QR; token: its hash.
CREATE TABLE invite (token BYTEA NOT NULL, site_id BYTEA NOT NULL, member_id BYTEA NOT NULL, name TEXT NOT NULL, by_account BYTEA,
  made_ms BIGINT NOT NULL, until_ms BIGINT NOT NULL, phone_until_ms BIGINT, used_ms BIGINT, PRIMARY KEY (token)) /* reference */;
