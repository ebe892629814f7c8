-- What a phone said of itself when it was last heard: entries it has recorded (−1: not said), up to where it has pulled, how far ahead its
-- clock is. Not of the ledger: phones say it again.
CREATE TABLE heard (site_id BYTEA NOT NULL, device_id BYTEA NOT NULL, recorded BIGINT NOT NULL, pulled_seq BIGINT NOT NULL,
  clock_ms BIGINT, heard_ms BIGINT NOT NULL, PRIMARY KEY (site_id, device_id)) /* reference */;
