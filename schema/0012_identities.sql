-- Who vouches for an account besides its password: an identity provider (OpenID Connect) and the name it knows the person by.
CREATE TABLE identity (issuer TEXT NOT NULL, subject TEXT NOT NULL, account_id BYTEA NOT NULL, made_ms BIGINT NOT NULL, seen_ms BIGINT NOT NULL,
  PRIMARY KEY (issuer, subject)) /* reference */;
-- A link by which somebody ties his identity to an account, once; token: its hash.
CREATE TABLE identity_link (token BYTEA NOT NULL, account_id BYTEA NOT NULL, by_account BYTEA, until_ms BIGINT NOT NULL, used_ms BIGINT,
  PRIMARY KEY (token)) /* reference */;
