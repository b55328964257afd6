-- Spaces that were: a tenant that moves away leaves its history, also when it comes back later.
CREATE TABLE space_past (
  database_id ${long} NOT NULL,
  tenant ${text} NOT NULL,
  created_at ${long} NOT NULL,
  first_seq ${long} NOT NULL,
  origin_database_id ${long},
  origin_seq ${long},
  PRIMARY KEY (database_id, tenant, first_seq)
) ${options};

-- Moves that are going on. Until it expires, a row keeps everybody else from writing to the space.
CREATE TABLE tenant_move (
  source_id ${long} NOT NULL,
  tenant ${text} NOT NULL,
  target_id ${long} NOT NULL,
  id ${text} NOT NULL,
  expires_at ${long} NOT NULL,
  PRIMARY KEY (source_id, tenant)
) ${options};
