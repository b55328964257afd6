-- Roles that other roles hold: whoever holds the member holds the role too. There are no cycles.
CREATE TABLE role_role (
  member_id ${text} NOT NULL,
  role_id ${text} NOT NULL,
  PRIMARY KEY (member_id, role_id)
) ${options};
CREATE INDEX role_role_role ON role_role (role_id);

-- The database that a role belongs to, whose grants are all in the role's tenant's part of it; -1: none. Names are unique among
-- the roles of a tenant that belong to the same one.
ALTER TABLE role ADD COLUMN database_id ${long} NOT NULL DEFAULT -1;
DROP INDEX role_name;
CREATE UNIQUE INDEX role_name ON role (tenant, database_id, name) WHERE personal_of IS NULL;
CREATE INDEX role_database ON role (database_id) WHERE database_id >= 0;

-- What clients keep beside an object, and how often they have changed it. updated_at 0: never since the object was made.
ALTER TABLE role ADD COLUMN properties ${text} NOT NULL DEFAULT '{}';
ALTER TABLE role ADD COLUMN version ${long} NOT NULL DEFAULT 1;
ALTER TABLE role ADD COLUMN updated_at ${long} NOT NULL DEFAULT 0;
ALTER TABLE principal ADD COLUMN properties ${text} NOT NULL DEFAULT '{}';
ALTER TABLE principal ADD COLUMN version ${long} NOT NULL DEFAULT 1;
ALTER TABLE principal ADD COLUMN updated_at ${long} NOT NULL DEFAULT 0;
ALTER TABLE database_ ADD COLUMN version ${long} NOT NULL DEFAULT 1;
ALTER TABLE database_ ADD COLUMN updated_at ${long} NOT NULL DEFAULT 0;
