# Attempts of the user mallory (tenant acme, database acme_vault) to see what is not hers. Each has a name, what must
# happen (refused: CODE, or answers: rows), and a statement. Whatever happens, no answer and no message may hold one of
# the values that are hidden from her, a path of the server or the name of a private catalog.

-- ungranted table by name
-- refused: ACCESS_DENIED
SELECT * FROM secret;

-- ungranted table with its schema
-- refused: ACCESS_DENIED
SELECT * FROM main.secret;

-- ungranted table with its database
-- refused: ACCESS_DENIED
SELECT * FROM acme_vault.main.secret;

-- ungranted table in other case and quotes
-- refused: ACCESS_DENIED
SELECT * FROM "MAIN"."SeCrEt";

-- ungranted table from first
-- refused: ACCESS_DENIED
FROM secret;

-- ungranted table by TABLE
-- refused: ACCESS_DENIED
TABLE secret;

-- ungranted table in a cte
-- refused: ACCESS_DENIED
WITH x AS (SELECT * FROM secret) SELECT * FROM x;

-- ungranted table in an unused cte
-- refused: ACCESS_DENIED
WITH x AS (SELECT * FROM secret) SELECT 1;

-- ungranted table in a recursive cte
-- refused: ACCESS_DENIED
WITH RECURSIVE r AS (SELECT id FROM open UNION ALL SELECT s.id FROM secret s JOIN r ON s.id = r.id + 1) SELECT * FROM r;

-- cte whose name hides the table outside of its scope only
-- refused: ACCESS_DENIED
SELECT (WITH secret AS (SELECT 1 AS code) SELECT code FROM secret), (SELECT max(code) FROM secret);

-- cte that reads the table of its own name
-- refused: ACCESS_DENIED
WITH secret AS (SELECT * FROM secret) SELECT * FROM secret;

-- cte that reads the qualified table of its own name
-- refused: ACCESS_DENIED
WITH secret AS (SELECT * FROM main.secret) SELECT * FROM secret;

-- own cte of that name is harmless
-- answers: [["mine"]]
WITH secret AS (SELECT 'mine' AS code) SELECT code FROM secret;

-- subquery in the select list
-- refused: ACCESS_DENIED
SELECT (SELECT max(code) FROM secret) FROM open;

-- subquery in where
-- refused: ACCESS_DENIED
SELECT * FROM open WHERE id IN (SELECT id FROM secret);

-- exists in where
-- refused: ACCESS_DENIED
SELECT * FROM open o WHERE EXISTS (FROM secret s WHERE s.id = o.id);

-- subquery in having
-- refused: ACCESS_DENIED
SELECT id FROM open GROUP BY id HAVING count(*) > (SELECT count(*) FROM secret);

-- subquery in order by
-- refused: ACCESS_DENIED
SELECT id FROM open ORDER BY (SELECT max(code) FROM secret);

-- subquery in group by
-- refused: ACCESS_DENIED
SELECT count(*) FROM open GROUP BY (SELECT max(code) FROM secret);

-- subquery in limit
-- refused: ACCESS_DENIED
SELECT id FROM open LIMIT (SELECT count(*) FROM secret);

-- subquery in offset
-- refused: ACCESS_DENIED
SELECT id FROM open ORDER BY id OFFSET (SELECT count(*) FROM secret);

-- subquery in qualify
-- refused: ACCESS_DENIED
SELECT id FROM open QUALIFY row_number() OVER () > (SELECT count(*) FROM secret);

-- subquery in a window
-- refused: ACCESS_DENIED
SELECT sum(id) OVER (ORDER BY (SELECT max(code) FROM secret)) FROM open;

-- subquery in a filter clause
-- refused: ACCESS_DENIED
SELECT count(*) FILTER (WHERE id IN (SELECT id FROM secret)) FROM open;

-- subquery in a join condition
-- refused: ACCESS_DENIED
SELECT a.id FROM open a JOIN open b ON a.id = (SELECT max(id) FROM secret);

-- subquery in a case
-- refused: ACCESS_DENIED
SELECT CASE WHEN (SELECT count(*) FROM secret) > 0 THEN 'there' END;

-- subquery in values
-- refused: ACCESS_DENIED
VALUES ((SELECT max(code) FROM secret));

-- subquery in distinct on
-- refused: ACCESS_DENIED
SELECT DISTINCT ON ((SELECT max(code) FROM secret)) id FROM open;

-- subquery in a lambda
-- refused: ACCESS_DENIED
SELECT list_transform([1], lambda x: (SELECT max(code) FROM secret));

-- subquery in a table function's argument
-- refused: ACCESS_DENIED
SELECT * FROM range((SELECT count(*) FROM secret));

-- array subquery
-- refused: ACCESS_DENIED
SELECT ARRAY(SELECT code FROM secret);

-- unnest of a subquery
-- refused: ACCESS_DENIED
SELECT unnest((SELECT list(code) FROM secret));

-- try around a subquery
-- refused: ACCESS_DENIED
SELECT TRY((SELECT max(code) FROM secret));

-- subquery in star replace
-- refused: ACCESS_DENIED
SELECT * REPLACE ((SELECT max(code) FROM secret) AS id) FROM open;

-- lateral
-- refused: ACCESS_DENIED
SELECT * FROM open o, LATERAL (SELECT code FROM secret s WHERE s.id = o.id) x;

-- union
-- refused: ACCESS_DENIED
SELECT note FROM open UNION ALL SELECT code FROM secret;

-- except
-- refused: ACCESS_DENIED
SELECT id FROM open EXCEPT SELECT id FROM secret;

-- positional join
-- refused: ACCESS_DENIED
SELECT * FROM open POSITIONAL JOIN secret;

-- semi join
-- refused: ACCESS_DENIED
SELECT * FROM open SEMI JOIN secret USING (id);

-- asof join
-- refused: ACCESS_DENIED
SELECT * FROM open ASOF JOIN secret ON open.id >= secret.id;

-- pivot statement
-- refused: ACCESS_DENIED
PIVOT secret ON code USING count(*);

-- pivot whose values come from a query
-- refused: any
SELECT * FROM (SELECT id, note FROM open) PIVOT (count(*) FOR note IN (SELECT code FROM secret));

-- unpivot statement
-- refused: ACCESS_DENIED
UNPIVOT secret ON code INTO NAME n VALUE v;

-- describe
-- refused: ACCESS_DENIED
DESCRIBE secret;

-- describe in from
-- refused: ACCESS_DENIED
SELECT * FROM (DESCRIBE secret);

-- summarize
-- refused: ACCESS_DENIED
SUMMARIZE secret;

-- summarize in from
-- refused: ACCESS_DENIED
FROM (SUMMARIZE secret);

-- show columns
-- refused: ACCESS_DENIED
SHOW COLUMNS FROM secret;

-- show create table
-- refused: ACCESS_DENIED
SHOW CREATE TABLE secret;

-- show in from
-- refused: any
SELECT * FROM (SHOW ALL TABLES);

-- explain
-- refused: ACCESS_DENIED
EXPLAIN SELECT * FROM secret;

-- explain analyze
-- refused: ACCESS_DENIED
EXPLAIN ANALYZE SELECT * FROM secret;

-- create table as select
-- refused: ACCESS_DENIED
CREATE TABLE pad.copy AS SELECT * FROM secret;

-- insert select
-- refused: ACCESS_DENIED
INSERT INTO inbox SELECT id, code FROM secret;

-- insert with a subquery in values
-- refused: ACCESS_DENIED
INSERT INTO inbox VALUES (1, (SELECT max(code) FROM secret));

-- insert returning a subquery
-- refused: any
INSERT INTO inbox VALUES (1, 'x') RETURNING (SELECT max(code) FROM secret);

-- insert into an ungranted table
-- refused: ACCESS_DENIED
INSERT INTO secret VALUES (9, 'x');

-- update of an ungranted table
-- refused: ACCESS_DENIED
UPDATE secret SET code = 'x';

-- update from an ungranted table
-- refused: ACCESS_DENIED
UPDATE inbox SET note = s.code FROM secret s;

-- update with a subquery in set
-- refused: ACCESS_DENIED
UPDATE inbox SET note = (SELECT max(code) FROM secret);

-- update with a subquery in where
-- refused: ACCESS_DENIED
UPDATE inbox SET note = 'x' WHERE EXISTS (FROM secret);

-- delete of an ungranted table
-- refused: ACCESS_DENIED
DELETE FROM secret;

-- delete using an ungranted table
-- refused: ACCESS_DENIED
DELETE FROM inbox USING secret WHERE inbox.id = secret.id;

-- truncate of an ungranted table
-- refused: ACCESS_DENIED
TRUNCATE secret;

-- delete without the grant on a readable table
-- refused: ACCESS_DENIED
DELETE FROM staff WHERE ssn LIKE '1%';

-- drop of an ungranted table
-- refused: ACCESS_DENIED
DROP TABLE secret;

-- alter of an ungranted table
-- refused: ACCESS_DENIED
ALTER TABLE secret RENAME TO mine;

-- merge with an ungranted source
-- refused: ACCESS_DENIED
MERGE INTO inbox USING secret ON inbox.id = secret.id WHEN NOT MATCHED THEN INSERT VALUES (secret.id, secret.code);

-- merge into an ungranted target
-- refused: ACCESS_DENIED
MERGE INTO secret USING open ON secret.id = open.id WHEN MATCHED THEN DELETE;

-- merge with a subquery in its action
-- refused: ACCESS_DENIED
MERGE INTO inbox USING open ON inbox.id = open.id WHEN NOT MATCHED THEN INSERT VALUES (open.id, (SELECT max(code) FROM secret));

-- merge that fails with a hidden value
-- refused: ACCESS_DENIED
MERGE INTO inbox USING open ON inbox.id = open.id WHEN NOT MATCHED THEN ERROR (SELECT max(code) FROM secret);

-- copy a table out
-- refused: ACCESS_DENIED
COPY secret TO 'out.csv';

-- copy a query out
-- refused: ACCESS_DENIED
COPY (SELECT * FROM secret) TO 'out.csv';

-- copy to an absolute path
-- refused: any
COPY open TO '/tmp/polder-attempt.csv';

-- copy to a staging name with dots
-- refused: any
COPY open TO '../../polder-attempt.csv';

-- copy from an absolute path
-- refused: any
COPY inbox FROM '/etc/passwd' (FORMAT csv);

-- copy from a staging name with dots
-- refused: any
COPY inbox FROM '../../../../etc/passwd' (FORMAT csv);

-- copy from a url
-- refused: NOT_SUPPORTED
COPY inbox FROM 'http://127.0.0.1:1/x.csv';

-- copy from a program
-- refused: any
COPY inbox FROM PROGRAM 'cat /etc/passwd';

-- prepare, which is refused when it is executed
-- harmless
PREPARE p AS SELECT * FROM secret;

-- create view over an ungranted table
-- refused: ACCESS_DENIED
CREATE VIEW pad.v AS SELECT * FROM secret;

-- ungranted view
-- refused: ACCESS_DENIED
SELECT * FROM hidden_view;

-- view of the owner shows no filtered row and no masked value
-- answers: [["1", "Ann", "0", "***"], ["2", "Bob", "0", "***"]]
SELECT id, name, salary, ssn FROM staff_view ORDER BY id;

-- view of a view shows no filtered row
-- answers: [["2"]]
SELECT count(*) FROM staff_view_view;

-- ungranted column
-- refused: ACCESS_DENIED
SELECT wage FROM partly;

-- ungranted column in where
-- refused: ACCESS_DENIED
SELECT id FROM partly WHERE wage > 1;

-- ungranted column qualified
-- refused: ACCESS_DENIED
SELECT p.wage FROM partly p;

-- ungranted column in order by
-- refused: ACCESS_DENIED
SELECT id FROM partly ORDER BY wage;

-- ungranted column by star
-- answers: [["1", "a"], ["2", "b"]]
SELECT * FROM partly ORDER BY id;

-- ungranted column by columns expression
-- answers: [["1", "a"], ["2", "b"]]
SELECT COLUMNS(*) FROM partly ORDER BY id;

-- ungranted column by columns with a pattern
-- refused: any
SELECT COLUMNS('wage') FROM partly;

-- ungranted column through the row as a value
-- answers: [["{id: 1, tag: a}"], ["{id: 2, tag: b}"]]
SELECT p FROM partly p ORDER BY id;

-- ungranted column through json of the row
-- answers: [["{\"id\":1,\"tag\":\"a\"}"]]
SELECT to_json(p)::VARCHAR FROM partly p WHERE id = 1;

-- ungranted column through natural join
-- answers: [["2"]]
SELECT count(*) FROM partly NATURAL JOIN (SELECT id, 'x' AS wage FROM partly);

-- ungranted column through using
-- refused: any
SELECT * FROM partly JOIN (SELECT 1 AS wage) w USING (wage);

-- ungranted column through describe
-- answers: [["id"], ["tag"]]
SELECT column_name FROM (DESCRIBE partly) ORDER BY 1;

-- ungranted column through a quoted name
-- refused: ACCESS_DENIED
SELECT "WAGE" FROM partly;

-- filtered rows by name
-- answers: []
SELECT * FROM staff WHERE id = 3;

-- filtered rows by a condition that is always true
-- answers: [["2"]]
SELECT count(*) FROM staff WHERE dept = 'eng' OR true;

-- filtered rows with the filter's column redefined
-- answers: [["2"]]
SELECT count(*) FROM (SELECT * REPLACE ('eng' AS dept) FROM staff);

-- filtered rows with an alias of the filter's column
-- answers: [["2"]]
SELECT count(*) FROM (SELECT 'eng' AS dept, id FROM staff) WHERE dept = 'eng';

-- filtered rows with column aliases of the table
-- answers: [["2"]]
SELECT count(*) FROM staff AS s(dept, id, name, salary, ssn) WHERE id IS NOT NULL;

-- filtered rows with a cte named like the filter's function
-- answers: [["2"]]
WITH lower AS (SELECT 1) SELECT count(*) FROM staff;

-- filtered rows by an outer join
-- answers: [["1", "Ann"], ["2", "Bob"], ["3", "∅"]]
SELECT i.id, s.name FROM (VALUES (1), (2), (3)) i(id) LEFT JOIN staff s ON s.id = i.id ORDER BY i.id;

-- filtered rows by min and max
-- answers: [["1", "2"]]
SELECT min(id), max(id) FROM staff;

-- filtered rows by approximate counts
-- answers: [["2"]]
SELECT approx_count_distinct(name) FROM staff;

-- filtered rows by a sample
-- answers: [["2"]]
SELECT count(*) FROM (SELECT * FROM staff USING SAMPLE 100 ROWS);

-- filtered rows by summarize
-- answers: [["id", "1", "2", "2"], ["name", "Ann", "Bob", "2"]]
SELECT column_name, min, max, count FROM (SUMMARIZE staff) WHERE column_name IN ('id', 'name') ORDER BY 1;

-- filtered rows by positional join
-- answers: [["2"]]
SELECT count(s.id) FROM range(5) r(i) POSITIONAL JOIN staff s;

-- filtered value in a failing cast
-- refused: CONVERSION_ERROR
SELECT name::INTEGER FROM staff;

-- filtered value in a failing cast in where
-- answers: []
SELECT id FROM staff WHERE id > 2 AND name::INTEGER = 1;

-- filtered value in a failing cast that only hidden rows reach
-- answers: [["1"], ["2"]]
SELECT id FROM staff WHERE CASE WHEN name NOT IN ('Ann', 'Bob') THEN name::INTEGER ELSE 1 END = 1 ORDER BY id;

-- filtered row in a division by zero
-- answers: [["1"], ["2"]]
SELECT id FROM staff WHERE CASE WHEN id > 2 THEN error('hidden row is there: ' || name) ELSE 'x' END = 'x' ORDER BY id;

-- filtered row in an integer overflow
-- answers: [["1"], ["2"]]
SELECT id FROM staff WHERE (CASE WHEN id > 2 THEN 2147483647 ELSE 1 END)::INTEGER + id > 0 ORDER BY id;

-- filtered row in an error function of the select list
-- answers: [["x"], ["x"]]
SELECT CASE WHEN id > 2 THEN error(name) ELSE 'x' END FROM staff;

-- filtered row in an error below a join
-- answers: [["2"]]
SELECT count(*) FROM staff s JOIN open o ON CASE WHEN s.id > 2 THEN error(s.name) ELSE true END AND o.id = s.id;

-- filtered row in an error inside an aggregate
-- answers: [["2"]]
SELECT count(CASE WHEN id > 2 THEN error(name) ELSE 1 END) FROM staff;

-- deleted row in a failing cast
-- answers: [["1"], ["2"]]
SELECT id FROM shrunk WHERE CASE WHEN id > 2 THEN name::INTEGER ELSE 1 END = 1 ORDER BY id;

-- deleted row in an error function
-- answers: [["1"], ["2"]]
SELECT id FROM shrunk WHERE CASE WHEN id > 2 THEN error(name) ELSE 'x' END = 'x' ORDER BY id;

-- deleted row by summarize
-- answers: [["Ann", "Bob"]]
SELECT min, max FROM (SUMMARIZE shrunk) WHERE column_name = 'name';

-- deleted row by min and max
-- answers: [["Ann", "Bob", "2"]]
SELECT min(name), max(name), count(*) FROM shrunk;

-- statistics function
-- refused: FUNCTION_NOT_ALLOWED
SELECT stats(name) FROM staff;

-- masked column
-- answers: [["0", "***"], ["0", "***"]]
SELECT salary, ssn FROM staff;

-- masked column in where
-- answers: [["0"]]
SELECT count(*) FROM staff WHERE salary > 0 OR ssn <> '***';

-- masked column in order by
-- answers: [["1"], ["2"]]
SELECT id FROM staff ORDER BY salary DESC, ssn DESC, id;

-- masked column in group by
-- answers: [["***", "2"]]
SELECT ssn, count(*) FROM staff GROUP BY ssn;

-- masked column in aggregates
-- answers: [["0", "0", "0", "1"]]
SELECT sum(salary), min(salary), max(salary), count(DISTINCT ssn) FROM staff;

-- masked column in a window
-- answers: [["1"], ["1"]]
SELECT rank() OVER (ORDER BY salary DESC) FROM staff;

-- masked column in a join
-- answers: [["0"]]
SELECT count(*) FROM staff s JOIN (SELECT unnest(range(4000, 4300)) AS guess) g ON g.guess = s.salary;

-- masked column through the row as a value
-- answers: [["{id: 1, name: Ann, dept: eng, salary: 0, ssn: ***}"]]
SELECT s FROM staff s WHERE id = 1;

-- masked column in a failing cast
-- refused: CONVERSION_ERROR
SELECT ssn::INTEGER FROM staff;

-- masked column in an error function
-- refused: any
SELECT error(ssn) FROM staff;

-- masked column in a case with a failing cast
-- answers: [["1"], ["2"]]
SELECT id FROM staff WHERE CASE WHEN ssn <> '***' THEN error(ssn) ELSE 'x' END = 'x' ORDER BY id;

-- masked column in in
-- answers: [["0"]]
SELECT count(*) FROM staff WHERE salary IN (4100, 4200);

-- masked column through its table's alias with other names
-- answers: [["***"], ["***"]]
SELECT e FROM staff AS t(a, b, c, d, e);

-- masked column in a list
-- answers: [["[***, ***]"]]
SELECT list(ssn) FROM staff;

-- masked column by summarize
-- answers: [["***", "***"]]
SELECT min, max FROM (SUMMARIZE staff) WHERE column_name = 'ssn';

-- masked column in a correlated subquery
-- answers: [["***"], ["***"]]
SELECT (SELECT max(x.ssn) FROM staff x WHERE x.id = s.id) FROM staff s;

-- file path in from
-- refused: COLLECTION_NOT_FOUND
SELECT * FROM '/etc/passwd';

-- quoted file path in from
-- refused: COLLECTION_NOT_FOUND
SELECT * FROM "/etc/passwd";

-- parquet file path in from
-- refused: COLLECTION_NOT_FOUND
SELECT * FROM 'warehouse/**/*.parquet';

-- file path with an extension of a reader
-- refused: COLLECTION_NOT_FOUND
FROM 'data.csv';

-- url in from
-- refused: COLLECTION_NOT_FOUND
SELECT * FROM 'https://127.0.0.1/x.parquet';

-- read_text
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM read_text('/etc/passwd');

-- read_blob
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM read_blob('/etc/passwd');

-- read_csv
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM read_csv('/etc/passwd');

-- read_csv_auto in other case
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM READ_CSV_AUTO('/etc/passwd');

-- quoted read function
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM "read_csv"('/etc/passwd');

-- read function of a schema
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM system.main.read_csv('/etc/passwd');

-- read_parquet
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM read_parquet('**/*.parquet');

-- parquet_scan
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM parquet_scan('**/*.parquet');

-- parquet_metadata
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM parquet_metadata('**/*.parquet');

-- read_json
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM read_json('/etc/hostname');

-- sniff_csv
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM sniff_csv('/etc/passwd');

-- glob
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM glob('/*');

-- query
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM query('SELECT * FROM secret');

-- query_table
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM query_table('secret');

-- query_table of several
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM query_table(['open', 'secret']);

-- serialized sql
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'));

-- sql serializer
-- refused: FUNCTION_NOT_ALLOWED
SELECT json_serialize_plan('SELECT 1');

-- function hidden in a subquery
-- refused: FUNCTION_NOT_ALLOWED
SELECT (SELECT content FROM read_text('/etc/passwd'));

-- function hidden in a cte
-- refused: FUNCTION_NOT_ALLOWED
WITH x AS (FROM read_text('/etc/passwd')) FROM x;

-- function by dot chaining
-- refused: FUNCTION_NOT_ALLOWED
SELECT 'TimeZone'.current_setting();

-- function in a lambda
-- refused: FUNCTION_NOT_ALLOWED
SELECT list_transform(['TimeZone'], lambda x: current_setting(x));

-- getenv
-- refused: FUNCTION_NOT_ALLOWED
SELECT getenv('HOME');

-- getvariable
-- refused: FUNCTION_NOT_ALLOWED
SELECT getvariable('files');

-- duckdb_tables
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM duckdb_tables();

-- duckdb_views
-- refused: FUNCTION_NOT_ALLOWED
SELECT sql FROM duckdb_views();

-- duckdb_databases
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM duckdb_databases();

-- duckdb_settings
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM duckdb_settings();

-- duckdb_secrets
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM duckdb_secrets();

-- duckdb_logs
-- refused: COLLECTION_NOT_FOUND
SELECT * FROM duckdb_logs;

-- duckdb_temporary_files
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM duckdb_temporary_files();

-- duckdb view without brackets
-- refused: any
SELECT * FROM duckdb_tables;

-- pragma functions
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM pragma_table_info('secret');

-- pragma storage info
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM pragma_storage_info('secret');

-- sqlite_master
-- refused: any
SELECT * FROM sqlite_master;

-- sql auto complete
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM sql_auto_complete('SELECT * FROM s');

-- write_log
-- refused: FUNCTION_NOT_ALLOWED
SELECT write_log('x');

-- sleep
-- refused: FUNCTION_NOT_ALLOWED
SELECT sleep_ms(1000);

-- nextval
-- refused: FUNCTION_NOT_ALLOWED
SELECT nextval('x');

-- deleted rows function
-- refused: FUNCTION_NOT_ALLOWED
SELECT live(1, 1, 1);

-- deleted rows function with its catalog
-- refused: FUNCTION_NOT_ALLOWED
SELECT system.main.live(1, 1, 1);

-- internal functions
-- refused: FUNCTION_NOT_ALLOWED
SELECT __internal_compress_integral_utinyint(1, 1);

-- arrow scan
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM arrow_scan(0, 0, 0);

-- sequence scan of addresses
-- refused: FUNCTION_NOT_ALLOWED
SELECT * FROM seq_scan('secret');

-- current query text of the engine
-- refused: FUNCTION_NOT_ALLOWED
SELECT current_query();

-- current database is the bound one
-- answers: [["acme_vault"]]
SELECT current_database();

-- current catalog is the bound one
-- answers: [["acme_vault", "main"]]
SELECT current_catalog(), current_schema();

-- hidden schema
-- refused: COLLECTION_NOT_FOUND
SELECT * FROM "polder$hidden".secret;

-- hidden schema with its catalog
-- refused: COLLECTION_NOT_FOUND
SELECT * FROM acme_vault."polder$hidden".secret;

-- system catalog
-- refused: COLLECTION_NOT_FOUND
SELECT * FROM system.main.duckdb_tables;

-- temp catalog
-- refused: COLLECTION_NOT_FOUND
SELECT * FROM temp.main.x;

-- memory catalog
-- refused: COLLECTION_NOT_FOUND
SELECT * FROM memory.main.x;

-- information schema tables
-- answers: [["inbox"], ["ledger"], ["open"], ["partly"], ["shrunk"], ["staff"], ["staff_view"], ["staff_view_view"]]
SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY 1;

-- information schema columns of an ungranted table
-- answers: []
SELECT column_name FROM information_schema.columns WHERE table_name = 'secret';

-- information schema columns of a table with an ungranted column
-- answers: [["id"], ["tag"]]
SELECT column_name FROM information_schema.columns WHERE table_name = 'partly' ORDER BY 1;

-- information schema views
-- answers: []
SELECT table_name FROM information_schema.views WHERE table_name = 'hidden_view';

-- information schema schemata
-- answers: []
SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE '%vaulted%' OR schema_name LIKE '%$%';

-- pg_class
-- answers: []
SELECT relname FROM pg_catalog.pg_class WHERE relname IN ('secret', 'hidden_view', 'gold');

-- pg_class without its schema
-- answers: []
SELECT relname FROM pg_class WHERE relname = 'secret';

-- pg_attribute
-- answers: []
SELECT attname FROM pg_catalog.pg_attribute WHERE attname IN ('code', 'wage');

-- pg_database
-- answers: []
SELECT datname FROM pg_catalog.pg_database WHERE datname LIKE 'globex%' OR datname LIKE '%private%';

-- show tables
-- answers: [["0"]]
SELECT count(*) FROM information_schema.tables WHERE table_name IN ('secret', 'gold', 'hidden_view');

-- another tenant's table
-- refused: COLLECTION_NOT_FOUND
SELECT * FROM globex_vault.main.gold;

-- another tenant's database
-- refused: DATABASE_NOT_FOUND
USE globex_vault;

-- another database of the tenant
-- refused: any
USE acme_private;

-- table of another database of the tenant
-- refused: COLLECTION_NOT_FOUND
SELECT * FROM acme_private.main.plans;

-- insert into another tenant's table
-- refused: COLLECTION_NOT_FOUND
INSERT INTO globex_vault.main.gold VALUES (1);

-- merge into another tenant's table
-- refused: COLLECTION_NOT_FOUND
MERGE INTO globex_vault.main.gold USING open ON true WHEN MATCHED THEN DELETE;

-- drop another tenant's table
-- refused: any
DROP TABLE globex_vault.main.gold;

-- create in another tenant's database
-- refused: any
CREATE TABLE globex_vault.main.mine (a INTEGER);

-- drop another tenant's database
-- refused: any
DROP DATABASE globex_vault;

-- set
-- refused: any
SET enable_external_access = true;

-- set of the search path
-- refused: any
SET search_path = 'system.main';

-- set of the schema
-- refused: any
SET schema = 'system.main';

-- set of a variable
-- refused: any
SET VARIABLE x = (SELECT max(code) FROM secret);

-- reset
-- refused: any
RESET lock_configuration;

-- pragma
-- refused: NOT_SUPPORTED
PRAGMA database_list;

-- attach
-- refused: NOT_SUPPORTED
ATTACH '/tmp/x.db' AS x;

-- attach of the metastore
-- refused: NOT_SUPPORTED
ATTACH 'metastore.db' (TYPE sqlite);

-- detach
-- refused: NOT_SUPPORTED
DETACH system;

-- install
-- refused: NOT_SUPPORTED
INSTALL httpfs;

-- load
-- refused: NOT_SUPPORTED
LOAD httpfs;

-- call
-- refused: NOT_SUPPORTED
CALL duckdb_tables();

-- export
-- refused: NOT_SUPPORTED
EXPORT DATABASE '/tmp/x';

-- import
-- refused: NOT_SUPPORTED
IMPORT DATABASE '/tmp/x';

-- create macro
-- refused: NOT_SUPPORTED
CREATE MACRO steal() AS TABLE SELECT * FROM secret;

-- create temporary macro
-- refused: NOT_SUPPORTED
CREATE TEMP MACRO steal() AS (SELECT max(code) FROM secret);

-- create secret
-- refused: NOT_SUPPORTED
CREATE SECRET s (TYPE s3);

-- create type
-- refused: NOT_SUPPORTED
CREATE TYPE t AS ENUM (SELECT code FROM secret);

-- create index
-- refused: NOT_SUPPORTED
CREATE INDEX i ON secret (code);

-- create trigger
-- refused: NOT_SUPPORTED
CREATE TRIGGER t AFTER INSERT ON inbox FOR EACH STATEMENT INSERT INTO inbox SELECT * FROM secret;

-- default that reads
-- refused: any
CREATE TABLE pad.d (a INTEGER, b VARCHAR DEFAULT (SELECT max(code) FROM secret));

-- check that reads
-- refused: any
CREATE TABLE pad.d (a INTEGER CHECK (a > (SELECT count(*) FROM secret)));

-- several statements
-- refused: MULTIPLE_STATEMENTS
SELECT 1; SELECT * FROM secret;

-- several statements after a comment
-- refused: any
SELECT 1 -- x
; DROP TABLE inbox;

-- comment inside a name's place
-- refused: ACCESS_DENIED
SELECT * FROM/**/secret/**/;

-- dollar quotes around a file
-- refused: any
SELECT * FROM $$/etc/passwd$$;

-- unicode escapes in a name
-- refused: any
SELECT * FROM U&"\0073ecret";

-- full width letters
-- refused: COLLECTION_NOT_FOUND
SELECT * FROM ｓｅｃｒｅｔ;

-- dotless i does not fold
-- refused: COLLECTION_NOT_FOUND
SELECT * FROM "ſecret";

-- zero width space in a name
-- refused: COLLECTION_NOT_FOUND
SELECT * FROM "secret​";

-- quoted dots are one name
-- refused: COLLECTION_NOT_FOUND
SELECT * FROM "main.secret";

-- quote inside a name
-- refused: COLLECTION_NOT_FOUND
SELECT * FROM "x"" UNION SELECT * FROM main.""secret";

-- null character in a name
-- refused: any
SELECT * FROM "secret\0";

-- no break space as a space
-- refused: ACCESS_DENIED
SELECT * FROM secret;

-- own grants
-- refused: any
GRANT SELECT ON secret TO USER mallory;

-- own role
-- refused: any
CREATE ROLE boss;

-- own user
-- refused: any
CREATE USER helper PASSWORD 'long enough password' SUPERUSER;

-- another user's password
-- refused: any
ALTER USER admin PASSWORD 'long enough password';

-- token of another user
-- refused: any
CREATE TOKEN t FOR USER admin;

-- own filter away
-- refused: any
DROP ROW FILTER only_eng ON staff;

-- own mask away
-- refused: any
DROP COLUMN MASK no_ssn ON staff;

-- filter replaced
-- refused: any
CREATE OR REPLACE ROW FILTER only_eng ON staff USING (true);

-- policies shown
-- refused: any
SHOW POLICIES;

-- audit trail
-- refused: any
SHOW AUDIT;

-- sessions of others
-- harmless
SHOW SESSIONS;

-- sessions of others in the database
-- refused: ACCESS_DENIED
SHOW SESSIONS IN DATABASE acme_vault;

-- sessions in another tenant's database
-- refused: DATABASE_NOT_FOUND
SHOW SESSIONS IN DATABASE globex_vault;

-- own role on the database
-- refused: ACCESS_DENIED
GRANT DATABASE_OWNER ON DATABASE acme_vault TO mallory;

-- own role on another tenant's database
-- refused: DATABASE_NOT_FOUND
GRANT DATABASE_READER ON DATABASE globex_vault TO mallory;

-- another tenant's database as one's default
-- refused: DATABASE_NOT_FOUND
ALTER USER mallory SET DEFAULT DATABASE globex_vault;

-- default of another user
-- refused: any
ALTER USER admin SET DEFAULT DATABASE acme_vault;

-- default of the tenant
-- refused: ACCESS_DENIED
ALTER TENANT acme SET DEFAULT DATABASE acme_private;

-- own cluster administration
-- refused: any
GRANT ROLE cluster_admin TO USER mallory;

-- idle timeout of the database
-- refused: ACCESS_DENIED
ALTER DATABASE acme_vault SET IDLE_TIMEOUT = 1;

-- databases shown
-- harmless
SHOW DATABASES;

-- users shown
-- harmless
SHOW USERS;

-- grants shown
-- harmless
SHOW GRANTS;

-- time travel to an ungranted table
-- refused: ACCESS_DENIED
SELECT * FROM secret AT (VERSION => 1);

-- time travel of a filtered table
-- answers: [["2"]]
SELECT count(*) FROM staff AT (TIMESTAMP => now());

-- time travel with a subquery
-- refused: any
SELECT * FROM open AT (VERSION => (SELECT max(id) FROM secret));

-- system time with a subquery
-- refused: any
SELECT * FROM open AS OF SYSTEM TIME (SELECT max(code) FROM secret);
