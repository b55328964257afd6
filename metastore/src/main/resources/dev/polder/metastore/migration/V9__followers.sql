-- Mirrors on other servers that commits of a database of this one wait for.
CREATE TABLE follower (
  database_id ${long} NOT NULL,
  id ${text} NOT NULL,
  name ${text} NOT NULL,
  sync_timeout ${long} NOT NULL,
  on_timeout ${text} NOT NULL,
  state ${text} NOT NULL,
  joined_at ${long} NOT NULL,
  seen_at ${long} NOT NULL,
  acknowledged ${long} NOT NULL,
  goal ${long} NOT NULL,
  degraded_at ${long} NOT NULL,
  PRIMARY KEY (database_id, id)
) ${options};

-- Commits that followers stage before they are made. Until commit_seq is known the commit may still be given up. claims is what
-- it reads and writes: no two that are open get in each other's way, so that all of them can be taken over in any order.
CREATE TABLE offer (
  id ${text} PRIMARY KEY,
  database_id ${long} NOT NULL,
  made_at ${long} NOT NULL,
  expires_at ${long} NOT NULL,
  commit_seq ${long},
  claims ${text} NOT NULL,
  content ${text} NOT NULL
) ${options};
CREATE INDEX offer_database ON offer (database_id, made_at);

-- The files that an offered commit brings: followers may read them before any commit names them.
CREATE TABLE offer_file (
  path ${text} NOT NULL,
  offer_id ${text} NOT NULL,
  PRIMARY KEY (path, offer_id)
) ${options};
CREATE INDEX offer_file_offer ON offer_file (offer_id);

CREATE TABLE offer_receipt (
  offer_id ${text} NOT NULL,
  follower_id ${text} NOT NULL,
  PRIMARY KEY (offer_id, follower_id)
) ${options};

-- What a mirror of this server has staged: files that no commit names here yet, and the commit that would.
CREATE TABLE staged_commit (
  database_id ${long} NOT NULL,
  offer_id ${text} NOT NULL,
  position ${long} NOT NULL,
  content ${text} NOT NULL,
  PRIMARY KEY (database_id, offer_id)
) ${options};
CREATE TABLE staged_file (
  path ${text} PRIMARY KEY,
  database_id ${long} NOT NULL,
  offer_id ${text} NOT NULL
) ${options};
CREATE INDEX staged_file_offer ON staged_file (database_id, offer_id);

-- Whether the source's server has been told of the mirror, and not yet of its end.
ALTER TABLE mirror ADD COLUMN registered ${long} NOT NULL DEFAULT 0;
