-- What does not count any more: an entry that was declared void, or (n 0) all of an import that was undone, also what of either comes later.
CREATE TABLE voided (site_id BYTEA NOT NULL, device_no BIGINT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (site_id, device_no, n)) /* narrow */;
-- The number of the rules (desk/tables.h) that a site's rows follow; null or less: they are made anew from the ledger when it is opened.
ALTER TABLE site ADD COLUMN made BIGINT;
