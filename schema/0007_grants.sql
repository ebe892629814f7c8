-- A role of a member in an area and all under it (area_no null: everywhere), between two times; ended: taken back.
CREATE TABLE mandate (site_id BYTEA NOT NULL, mandate_no BIGINT NOT NULL, id BYTEA NOT NULL, member_no BIGINT NOT NULL, role BIGINT NOT NULL,
  area_no BIGINT, from_ms BIGINT, to_ms BIGINT, ended BIGINT NOT NULL, emergency BIGINT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (site_id, mandate_no)) /* narrow */;
-- Whose phone a device is, and until when.
ALTER TABLE device ADD COLUMN member_no BIGINT;
ALTER TABLE device ADD COLUMN until_ms BIGINT;
