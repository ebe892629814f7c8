-- Somebody met in the street, where he says he belongs, and what came of it; where and what was noted, sealed by his key.
CREATE TABLE meeting (site_id BYTEA NOT NULL, meeting_no BIGINT NOT NULL, person_no BIGINT NOT NULL, outcome BIGINT NOT NULL,
  area_no BIGINT, door_no BIGINT, lon BIGINT NOT NULL, lat BIGINT NOT NULL, stamp BYTEA NOT NULL, sealed BYTEA,
  PRIMARY KEY (site_id, meeting_no)) /* narrow */;
-- What was done about a refusal at a door or of a person (of: 0, 1); next_ms: when to come again; the note sealed by the subject's key.
CREATE TABLE follow (site_id BYTEA NOT NULL, follow_no BIGINT NOT NULL, of BIGINT NOT NULL, subject_no BIGINT NOT NULL,
  step BIGINT NOT NULL, next_ms BIGINT, stamp BYTEA NOT NULL, sealed BYTEA, PRIMARY KEY (site_id, follow_no)) /* narrow */;
