-- Limits and shares: of a database where tenant is '', else of the tenant in it. NULL: not set. database_id -1 holds the limits
-- of all databases together and -2 what holds for those that set nothing, both as the servers' configuration has them.
CREATE TABLE quota (
  database_id ${long} NOT NULL,
  tenant ${text} NOT NULL,
  max_memory_bytes ${long},
  max_storage_bytes ${long},
  max_qps ${long},
  max_connections ${long},
  max_temp_disk_bytes ${long},
  max_threads ${long},
  max_statement_seconds ${long},
  cache_weight ${long},
  priority_class ${long},
  maintenance_cpu_pct ${long},
  PRIMARY KEY (database_id, tenant)
) ${options};

-- What the servers that share this metastore say they use of each space, until they say it again. The row of database_id -1 says
-- that the server is there.
CREATE TABLE server_use (
  server_id ${text} NOT NULL,
  database_id ${long} NOT NULL,
  tenant ${text} NOT NULL,
  connections ${long} NOT NULL,
  qps ${long} NOT NULL,
  memory_bytes ${long} NOT NULL,
  expires_at ${long} NOT NULL,
  PRIMARY KEY (server_id, database_id, tenant)
) ${options};
CREATE INDEX server_use_space ON server_use (database_id, tenant);
