-- What principals hold on whole databases. The holder is a role, which may be a user's own, or a group; the other is ''.
CREATE TABLE database_grant (
  database_id ${long} NOT NULL,
  database_role ${text} NOT NULL,
  role_id ${text} NOT NULL,
  group_id ${text} NOT NULL,
  granted_by ${text},
  granted_at ${long} NOT NULL,
  PRIMARY KEY (database_id, database_role, role_id, group_id)
) ${options};
CREATE INDEX database_grant_role ON database_grant (role_id);
CREATE INDEX database_grant_group ON database_grant (group_id);

-- Where sessions begin, by identity: a default follows its database through renames, and no other takes its place.
ALTER TABLE tenant ADD COLUMN default_database_id ${long};
ALTER TABLE principal ADD COLUMN default_database_id ${long};
UPDATE principal SET default_database_id =
  (SELECT d.id FROM database_ d WHERE d.name = principal.default_database AND d.dropped_at IS NULL);
ALTER TABLE principal DROP COLUMN default_database;

-- Seconds that a session may be idle; 0 is without limit.
ALTER TABLE database_ ADD COLUMN idle_timeout ${long} NOT NULL DEFAULT 0;
