-- Other systems that are attached to a space under an alias. connector: one of this server's, with its properties; else
-- setup_sql is what attaches it. revision counts the changes of the source and of its secrets.
CREATE TABLE source (
  id ${text} PRIMARY KEY,
  database_id ${long} NOT NULL,
  tenant ${text} NOT NULL,
  alias ${text} NOT NULL,
  description ${text},
  setup_sql ${text},
  connector ${text},
  properties ${text} NOT NULL,
  read_only ${long} NOT NULL,
  disabled ${long} NOT NULL,
  allow_inline_secrets ${long} NOT NULL,
  on_start_failure ${text} NOT NULL,
  extension_directory ${text},
  revision ${long} NOT NULL,
  created_by ${text},
  created_at ${long} NOT NULL,
  updated_at ${long} NOT NULL,
  CHECK ((setup_sql IS NULL) <> (connector IS NULL))
) ${options};
CREATE UNIQUE INDEX source_alias ON source (database_id, tenant, alias);
CREATE INDEX source_tenant ON source (tenant);

-- What stands for {{secret.NAME}}: a value encrypted with the server's key, or where another store keeps it.
CREATE TABLE source_secret (
  id ${text} PRIMARY KEY,
  source_id ${text} NOT NULL,
  name ${text} NOT NULL,
  sealed_value ${text},
  external_ref ${text},
  created_by ${text},
  created_at ${long} NOT NULL,
  updated_at ${long} NOT NULL,
  CHECK ((sealed_value IS NULL) <> (external_ref IS NULL))
) ${options};
CREATE UNIQUE INDEX source_secret_name ON source_secret (source_id, name);

-- Row filters and masks on tables of sources, by names. Names of schemas, tables and columns are lower-cased; column_name is
-- empty for a row filter.
CREATE TABLE source_policy (
  id ${text} PRIMARY KEY,
  kind ${text} NOT NULL,
  name ${text} NOT NULL,
  source_id ${text} NOT NULL,
  schema_name ${text} NOT NULL,
  table_name ${text} NOT NULL,
  column_name ${text} NOT NULL,
  role_id ${text},
  expression ${text} NOT NULL,
  created_by ${text},
  created_at ${long} NOT NULL
) ${options};
CREATE UNIQUE INDEX source_policy_name ON source_policy (source_id, schema_name, table_name, name);

-- Moves with every change of the space's sources. The numbers come from one counter and are given once only, so that a space
-- made anew does not look like one that is gone; 0: it never had a source.
ALTER TABLE space ADD COLUMN source_revision ${long} NOT NULL DEFAULT 0;
INSERT INTO counter (name, value) VALUES ('source_revision', 0);
