-- What was set apart keeps its clear values too, sealed as the ledger's are.
ALTER TABLE fork ADD COLUMN parts BYTEA;
