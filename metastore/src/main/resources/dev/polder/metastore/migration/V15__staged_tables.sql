-- Tables that other engines were given a place for and have not committed yet: whoever asked may put files there meanwhile.
CREATE TABLE staged_table (
  location ${text} PRIMARY KEY,
  schema_id ${text} NOT NULL,
  name_key ${text} NOT NULL,
  principal_id ${text} NOT NULL,
  staged_at ${long} NOT NULL
) ${options};
CREATE INDEX staged_table_name ON staged_table (schema_id, name_key, principal_id);
