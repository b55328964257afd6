-- Requests that clients may send again. seq: the commit that did it; detail: what else its answer needs; status and
-- detail: the answer itself, where nothing was committed.
CREATE TABLE idempotency_key (
  principal_id ${text} NOT NULL,
  database_id ${long} NOT NULL,
  tenant ${text} NOT NULL,
  request_key ${text} NOT NULL,
  fingerprint ${text} NOT NULL,
  state ${text} NOT NULL,
  attempt ${text} NOT NULL,
  lease_until ${long} NOT NULL,
  expires_at ${long} NOT NULL,
  seq ${long},
  status ${long},
  detail ${text},
  PRIMARY KEY (principal_id, database_id, tenant, request_key)
) ${options};
CREATE INDEX idempotency_key_expires ON idempotency_key (expires_at);

-- From purged_at on none of a dropped collection's states is kept for its own sake.
ALTER TABLE collection ADD COLUMN purged_at ${long};
CREATE INDEX collection_purged ON collection (database_id) WHERE purged_at IS NOT NULL;

-- Whose work it is; a job of the whole server has none.
ALTER TABLE job ADD COLUMN database_id ${long};
ALTER TABLE job ADD COLUMN tenant ${text};
ALTER TABLE job ADD COLUMN principal_id ${text};
CREATE INDEX job_database ON job (database_id, id) WHERE database_id IS NOT NULL;

CREATE INDEX condemned_collection ON condemned (collection_id);
