-- Door cards. The latest version of a door is the valid one, unless it was revoked. heads: the registered head count it shows.
CREATE TABLE card (site_id BYTEA NOT NULL, card_no BIGINT NOT NULL, door_no BIGINT NOT NULL, version BIGINT NOT NULL,
  heads BIGINT NOT NULL, revoked BIGINT NOT NULL, reason TEXT NOT NULL, stamp BYTEA NOT NULL, PRIMARY KEY (site_id, card_no)) /* narrow */;
