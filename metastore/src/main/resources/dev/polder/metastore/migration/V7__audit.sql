-- Events have types from a closed list now, and with them the hashes have other fields: the trail begins anew.
DROP TABLE audit;

-- chain: the database's id, or -1 for the server's own chain
CREATE TABLE audit (
  chain ${long} NOT NULL,
  seq ${long} NOT NULL,
  at ${long} NOT NULL,
  event_type ${text} NOT NULL,
  principal ${text},
  tenant ${text},
  object ${text},
  outcome ${text} NOT NULL,
  detail ${text} NOT NULL,
  prev_hash ${text} NOT NULL,
  hash ${text} NOT NULL,
  PRIMARY KEY (chain, seq)
) ${options};
CREATE INDEX audit_event_type ON audit (chain, event_type, seq);
CREATE INDEX audit_principal ON audit (chain, principal, seq);
CREATE INDEX audit_tenant ON audit (chain, tenant, seq);
CREATE INDEX audit_at ON audit (chain, at, seq);

-- The newest record of each chain: what shows that records are missing at a chain's end.
CREATE TABLE audit_head (
  chain ${long} PRIMARY KEY,
  seq ${long} NOT NULL,
  hash ${text} NOT NULL
) ${options};

ALTER TABLE database_ ADD COLUMN audit_dml ${text} NOT NULL DEFAULT 'NONE';
