-- What a round's form says of a door or a person (of: 0, 1): the answers, sealed by the subject's key.
CREATE TABLE form (site_id BYTEA NOT NULL, form_no BIGINT NOT NULL, round_no BIGINT NOT NULL, of BIGINT NOT NULL, subject_no BIGINT NOT NULL,
  sealed BYTEA, PRIMARY KEY (site_id, form_no)) /* narrow */;
