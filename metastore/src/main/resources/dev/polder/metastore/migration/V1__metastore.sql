-- One script for SQLite and PostgreSQL. ${text}, ${long} and ${options} are the types and the table options of each;
-- times are microseconds since the epoch, JSON is text, flags are 0 or 1, an absent part of a key is '' or -1.

CREATE TABLE writer_lock (id ${long} PRIMARY KEY) ${options};

CREATE TABLE counter (
  name ${text} PRIMARY KEY,
  value ${long} NOT NULL
) ${options};
INSERT INTO counter (name, value) VALUES ('database', 1023), ('outbox', 0), ('grants_epoch', 1);

CREATE TABLE setting (
  name ${text} PRIMARY KEY,
  value ${text} NOT NULL
) ${options};
INSERT INTO setting (name, value) VALUES ('format', '1');

CREATE TABLE tenant (
  id ${text} PRIMARY KEY,
  created_at ${long} NOT NULL
) ${options};

-- Access

CREATE TABLE principal (
  id ${text} PRIMARY KEY,
  name ${text} NOT NULL,
  tenant ${text} NOT NULL,
  kind ${text} NOT NULL,
  password_hash ${text},
  superuser ${long} NOT NULL,
  disabled ${long} NOT NULL,
  default_database ${text},
  created_at ${long} NOT NULL
) ${options};
CREATE UNIQUE INDEX principal_name ON principal (name);
CREATE INDEX principal_tenant ON principal (tenant, name);

CREATE TABLE user_group (
  id ${text} PRIMARY KEY,
  tenant ${text} NOT NULL,
  name ${text} NOT NULL,
  created_at ${long} NOT NULL
) ${options};
CREATE UNIQUE INDEX user_group_name ON user_group (tenant, name);

CREATE TABLE role (
  id ${text} PRIMARY KEY,
  tenant ${text} NOT NULL,
  name ${text} NOT NULL,
  personal_of ${text},
  created_at ${long} NOT NULL
) ${options};
CREATE UNIQUE INDEX role_name ON role (tenant, name) WHERE personal_of IS NULL;
CREATE UNIQUE INDEX role_personal ON role (personal_of) WHERE personal_of IS NOT NULL;

CREATE TABLE principal_role (
  principal_id ${text} NOT NULL,
  role_id ${text} NOT NULL,
  PRIMARY KEY (principal_id, role_id)
) ${options};
CREATE INDEX principal_role_role ON principal_role (role_id);

CREATE TABLE principal_group (
  principal_id ${text} NOT NULL,
  group_id ${text} NOT NULL,
  PRIMARY KEY (principal_id, group_id)
) ${options};
CREATE INDEX principal_group_group ON principal_group (group_id);

CREATE TABLE group_role (
  group_id ${text} NOT NULL,
  role_id ${text} NOT NULL,
  PRIMARY KEY (group_id, role_id)
) ${options};
CREATE INDEX group_role_role ON group_role (role_id);

CREATE TABLE grant_ (
  role_id ${text} NOT NULL,
  database_id ${long} NOT NULL,
  tenant ${text} NOT NULL,
  kind ${text} NOT NULL,
  schema_id ${text} NOT NULL,
  collection_id ${text} NOT NULL,
  field_id ${long} NOT NULL,
  privilege ${text} NOT NULL,
  granted_by ${text},
  granted_at ${long} NOT NULL,
  PRIMARY KEY (role_id, database_id, tenant, kind, schema_id, collection_id, field_id, privilege)
) ${options};
CREATE INDEX grant_securable ON grant_ (database_id, tenant, kind, schema_id, collection_id, field_id);

CREATE TABLE policy (
  id ${text} PRIMARY KEY,
  kind ${text} NOT NULL,
  name ${text} NOT NULL,
  database_id ${long} NOT NULL,
  tenant ${text} NOT NULL,
  collection_id ${text} NOT NULL,
  field_id ${long} NOT NULL,
  role_id ${text},
  expression ${text} NOT NULL,
  created_by ${text},
  created_at ${long} NOT NULL
) ${options};
CREATE UNIQUE INDEX policy_name ON policy (collection_id, name);
CREATE INDEX policy_space ON policy (database_id, tenant, id);

CREATE TABLE token (
  id ${text} PRIMARY KEY,
  principal_id ${text} NOT NULL,
  name ${text} NOT NULL,
  kind ${text} NOT NULL,
  hash ${text} NOT NULL,
  created_at ${long} NOT NULL,
  expires_at ${long},
  revoked_at ${long},
  last_used_at ${long}
) ${options};
CREATE UNIQUE INDEX token_hash ON token (hash);
CREATE INDEX token_principal ON token (principal_id, id);

-- Catalog

CREATE TABLE database_ (
  id ${long} PRIMARY KEY,
  name ${text} NOT NULL,
  kind ${text} NOT NULL,
  default_database ${text},
  default_schema ${text},
  properties ${text} NOT NULL,
  commit_seq ${long} NOT NULL,
  committed_at ${long} NOT NULL,
  created_at ${long} NOT NULL,
  dropped_at ${long}
) ${options};
CREATE UNIQUE INDEX database_name ON database_ (name) WHERE dropped_at IS NULL;

CREATE TABLE space (
  database_id ${long} NOT NULL,
  tenant ${text} NOT NULL,
  created_at ${long} NOT NULL,
  PRIMARY KEY (database_id, tenant)
) ${options};
CREATE INDEX space_tenant ON space (tenant, database_id);

CREATE TABLE schema_ (
  id ${text} PRIMARY KEY,
  database_id ${long} NOT NULL,
  tenant ${text} NOT NULL,
  name ${text} NOT NULL,
  name_key ${text} NOT NULL,
  properties ${text} NOT NULL,
  created_seq ${long} NOT NULL,
  dropped_seq ${long}
) ${options};
CREATE UNIQUE INDEX schema_name ON schema_ (database_id, tenant, name_key) WHERE dropped_seq IS NULL;
CREATE INDEX schema_space ON schema_ (database_id, tenant);

CREATE TABLE schema_version (
  schema_id ${text} NOT NULL,
  seq ${long} NOT NULL,
  committed_at ${long} NOT NULL,
  database_id ${long} NOT NULL,
  tenant ${text} NOT NULL,
  name ${text} NOT NULL,
  name_key ${text} NOT NULL,
  dropped ${long} NOT NULL,
  PRIMARY KEY (schema_id, seq)
) ${options};
CREATE INDEX schema_version_name ON schema_version (database_id, tenant, name_key, seq);

CREATE TABLE collection (
  id ${text} PRIMARY KEY,
  schema_id ${text} NOT NULL,
  database_id ${long} NOT NULL,
  tenant ${text} NOT NULL,
  kind ${text} NOT NULL,
  name ${text} NOT NULL,
  name_key ${text} NOT NULL,
  iceberg_uuid ${text} NOT NULL,
  location ${text} NOT NULL,
  metadata_location ${text} NOT NULL,
  version_seq ${long} NOT NULL,
  owner ${text},
  created_seq ${long} NOT NULL,
  dropped_seq ${long}
) ${options};
CREATE UNIQUE INDEX collection_name ON collection (schema_id, name_key) WHERE dropped_seq IS NULL;
CREATE INDEX collection_space ON collection (database_id, tenant);

CREATE TABLE table_version (
  collection_id ${text} NOT NULL,
  seq ${long} NOT NULL,
  committed_at ${long} NOT NULL,
  schema_id ${text} NOT NULL,
  name ${text} NOT NULL,
  name_key ${text} NOT NULL,
  kind ${text} NOT NULL,
  metadata_location ${text},
  PRIMARY KEY (collection_id, seq)
) ${options};
CREATE INDEX table_version_name ON table_version (schema_id, name_key, seq);

-- Commits and files

CREATE TABLE commit_log (
  database_id ${long} NOT NULL,
  seq ${long} NOT NULL,
  committed_at ${long} NOT NULL,
  principal ${text},
  tenant ${text} NOT NULL,
  operation ${text} NOT NULL,
  PRIMARY KEY (database_id, seq)
) ${options};
CREATE UNIQUE INDEX commit_time ON commit_log (database_id, committed_at);

CREATE TABLE commit_file (
  database_id ${long} NOT NULL,
  seq ${long} NOT NULL,
  collection_id ${text} NOT NULL,
  path ${text} NOT NULL,
  kind ${text} NOT NULL,
  bytes ${long} NOT NULL,
  PRIMARY KEY (database_id, seq, collection_id, path, kind)
) ${options};

CREATE TABLE storage_ledger (
  database_id ${long} NOT NULL,
  tenant ${text} NOT NULL,
  collection_id ${text} NOT NULL,
  bytes ${long} NOT NULL,
  files ${long} NOT NULL,
  PRIMARY KEY (database_id, tenant, collection_id)
) ${options};

CREATE TABLE condemned (
  path ${text} PRIMARY KEY,
  database_id ${long} NOT NULL,
  collection_id ${text} NOT NULL,
  since ${long} NOT NULL
) ${options};
CREATE INDEX condemned_since ON condemned (since, path);

CREATE TABLE lease (
  id ${text} PRIMARY KEY,
  holder ${text} NOT NULL,
  database_id ${long} NOT NULL,
  seq ${long} NOT NULL,
  expires_at ${long} NOT NULL
) ${options};
CREATE INDEX lease_database ON lease (database_id, seq);

CREATE TABLE outbox (
  id ${long} PRIMARY KEY,
  topic ${text} NOT NULL,
  database_id ${long},
  payload ${text} NOT NULL,
  created_at ${long} NOT NULL,
  published_at ${long}
) ${options};
CREATE INDEX outbox_unpublished ON outbox (id) WHERE published_at IS NULL;

-- chain: the database's id, or -1 for the server's own chain
CREATE TABLE audit (
  chain ${long} NOT NULL,
  seq ${long} NOT NULL,
  at ${long} NOT NULL,
  principal ${text},
  tenant ${text},
  action ${text} NOT NULL,
  object ${text},
  outcome ${text} NOT NULL,
  detail ${text} NOT NULL,
  prev_hash ${text} NOT NULL,
  hash ${text} NOT NULL,
  PRIMARY KEY (chain, seq)
) ${options};

CREATE TABLE job (
  id ${text} PRIMARY KEY,
  kind ${text} NOT NULL,
  state ${text} NOT NULL,
  payload ${text} NOT NULL,
  progress ${text},
  lease_owner ${text},
  lease_until ${long},
  run_at ${long} NOT NULL,
  attempts ${long} NOT NULL,
  cancel_requested ${long} NOT NULL,
  error ${text},
  created_at ${long} NOT NULL,
  finished_at ${long}
) ${options};
CREATE INDEX job_due ON job (kind, run_at, id) WHERE finished_at IS NULL;

-- What exists from the start

INSERT INTO tenant (id, created_at) VALUES ('default', ${now});
INSERT INTO database_ (id, name, kind, properties, commit_seq, committed_at, created_at)
  VALUES (0, 'default', 'LAKE', '{}', 0, ${now}, ${now});
INSERT INTO space (database_id, tenant, created_at) VALUES (0, 'default', ${now});
INSERT INTO schema_ (id, database_id, tenant, name, name_key, properties, created_seq)
  VALUES ('00000000-0000-7000-8000-000000000000', 0, 'default', 'main', 'main', '{}', 0);
INSERT INTO schema_version (schema_id, seq, committed_at, database_id, tenant, name, name_key, dropped)
  VALUES ('00000000-0000-7000-8000-000000000000', 0, ${now}, 0, 'default', 'main', 'main', 0);
