-- What was cut from what. A space's own history starts with first_seq; before that its history is the origin's, as far as
-- origin_seq. A schema or collection that came with a cut names what it was in the origin.

ALTER TABLE space ADD COLUMN first_seq ${long} NOT NULL DEFAULT 0;
ALTER TABLE space ADD COLUMN origin_database_id ${long};
ALTER TABLE space ADD COLUMN origin_seq ${long};

ALTER TABLE schema_ ADD COLUMN origin_id ${text};
CREATE INDEX schema_origin ON schema_ (origin_id) WHERE origin_id IS NOT NULL;

ALTER TABLE collection ADD COLUMN origin_id ${text};
ALTER TABLE collection ADD COLUMN origin_seq ${long};
CREATE INDEX collection_origin ON collection (origin_id) WHERE origin_id IS NOT NULL;

-- A database that cannot do without another one's files.
CREATE TABLE lineage (
  child_id ${long} PRIMARY KEY,
  parent_id ${long} NOT NULL,
  kind ${text} NOT NULL,
  parent_seq ${long} NOT NULL,
  first_seq ${long} NOT NULL,
  created_at ${long} NOT NULL
) ${options};
CREATE INDEX lineage_parent ON lineage (parent_id);

-- Files of the current version that belong to another collection's location: reported, not charged.
ALTER TABLE storage_ledger ADD COLUMN shared_bytes ${long} NOT NULL DEFAULT 0;
ALTER TABLE storage_ledger ADD COLUMN shared_files ${long} NOT NULL DEFAULT 0;
