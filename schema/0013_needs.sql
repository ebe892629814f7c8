-- What somebody behind a door needs, or a problem found there, known by the entry that raised it; of 0: of the door, 1: of a person.
-- closed: the first word that it is done with, with its reason; the note sealed by the subject's key.
CREATE TABLE need (site_id BYTEA NOT NULL, need_no BIGINT NOT NULL, id BYTEA NOT NULL, of BIGINT NOT NULL, subject_no BIGINT NOT NULL,
  what BIGINT NOT NULL, urgent BIGINT NOT NULL, stamp BYTEA NOT NULL, closed BYTEA NOT NULL, reason TEXT NOT NULL, sealed BYTEA,
  PRIMARY KEY (site_id, need_no)) /* narrow */;
