CREATE TABLE site (site_id BYTEA NOT NULL, PRIMARY KEY (site_id));
