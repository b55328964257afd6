-- Which files nobody can reach any more. cut_id is the collection whose files a cut began with, those that it named after its
-- commit origin_seq; from the commit cut_end on the cut needs none of them.

ALTER TABLE collection ADD COLUMN cut_id ${text};
ALTER TABLE collection ADD COLUMN cut_end ${long};
UPDATE collection SET cut_id = origin_id WHERE origin_id IS NOT NULL;
CREATE INDEX collection_cut ON collection (cut_id) WHERE cut_id IS NOT NULL;
CREATE INDEX collection_location ON collection (location);

-- States before the commit history_seq cannot be asked for any more; from purged_at on there are none at all.
ALTER TABLE database_ ADD COLUMN history_seq ${long} NOT NULL DEFAULT 0;
ALTER TABLE database_ ADD COLUMN purged_at ${long};
ALTER TABLE database_ ADD COLUMN expires_at ${long};
CREATE INDEX database_expires ON database_ (expires_at) WHERE expires_at IS NOT NULL AND dropped_at IS NULL;

CREATE INDEX commit_file_path ON commit_file (path);
CREATE INDEX commit_file_collection ON commit_file (collection_id);
CREATE INDEX commit_file_removed ON commit_file (database_id, seq) WHERE kind = 'REMOVED';

-- The running servers. Nothing that began before oldest_at runs on one of them.
CREATE TABLE server (
  id ${text} PRIMARY KEY,
  started_at ${long} NOT NULL,
  oldest_at ${long} NOT NULL,
  expires_at ${long} NOT NULL
) ${options};

-- The journal of the collector: files that it deletes, or has deleted.
CREATE TABLE collected (
  path ${text} PRIMARY KEY,
  database_id ${long} NOT NULL,
  collection_id ${text} NOT NULL,
  condemned_at ${long} NOT NULL,
  collected_at ${long} NOT NULL,
  deleted_at ${long}
) ${options};
CREATE INDEX collected_pending ON collected (path) WHERE deleted_at IS NULL;
CREATE INDEX collected_deleted ON collected (deleted_at) WHERE deleted_at IS NOT NULL;
