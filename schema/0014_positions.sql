-- Where a phone said last that it is, for as long as its member shares it; not of the ledger, and forgotten after some hours.
CREATE TABLE position (site_id BYTEA NOT NULL, device_id BYTEA NOT NULL, lon BIGINT NOT NULL, lat BIGINT NOT NULL, accuracy BIGINT NOT NULL,
  at_ms BIGINT NOT NULL, PRIMARY KEY (site_id, device_id)) /* reference */;
