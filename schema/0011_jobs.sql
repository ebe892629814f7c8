-- Long work that a server does beside its calls: imports and exports; not of the ledger. runner: the program at work, whose lock
-- in the folder beside the store tells whether it lives; spec and said: what was asked and what came of it, sealed.
CREATE TABLE job (job_id BYTEA NOT NULL, site_id BYTEA NOT NULL, member_id BYTEA, kind BIGINT NOT NULL, state BIGINT NOT NULL,
  runner BYTEA NOT NULL, cancel BIGINT NOT NULL, step TEXT NOT NULL, done BIGINT NOT NULL, total BIGINT NOT NULL, made_ms BIGINT NOT NULL,
  begun_ms BIGINT, ended_ms BIGINT, until_ms BIGINT NOT NULL, error BIGINT NOT NULL, spec BYTEA NOT NULL, said BYTEA,
  PRIMARY KEY (job_id)) /* reference */;
CREATE INDEX job_made ON job (site_id, made_ms);
-- What was answered to a call that bore a key of its caller's own, so that the same call again has the same answer and no further
-- effect. status 0: it is being done. request: the hash of the call; body: sealed.
CREATE TABLE answered (site_id BYTEA NOT NULL, key BYTEA NOT NULL, request BYTEA NOT NULL, at_ms BIGINT NOT NULL,
  status BIGINT NOT NULL, type TEXT NOT NULL, body BYTEA, PRIMARY KEY (site_id, key)) /* reference */;
CREATE INDEX answered_at ON answered (at_ms);
