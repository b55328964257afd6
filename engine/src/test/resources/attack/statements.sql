SELECT a.x, b.y, count(*) FROM mine a JOIN mine b USING (x) WHERE a.y LIKE '%o%' GROUP BY ALL HAVING count(*) > 0 ORDER BY 1 LIMIT 5
WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 10) SELECT sum(n) FROM r
SELECT x, row_number() OVER (PARTITION BY y ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM mine QUALIFY row_number() OVER () < 3
SELECT list_transform([1, 2, 3], lambda e: e + 1), {'a': 1, 'b': [1, 2]}.a, MAP {'k': 1}['k'], [e * 2 for e in [1, 2] if e > 1]
SELECT CASE x WHEN 1 THEN 'one' ELSE 'many' END, CAST(y AS VARCHAR), x::BIGINT, INTERVAL 3 DAYS + DATE '2024-01-01' FROM mine
SELECT * EXCLUDE (x) REPLACE (upper(y) AS y) FROM mine TABLESAMPLE 50 PERCENT (bernoulli)
SELECT * FROM mine AT (TIMESTAMP => now()) WHERE x BETWEEN 1 AND 3 OR y IS NOT NULL AND NOT x IN (1, 2)
SELECT * FROM mine AS OF SYSTEM TIME 1730000000000
FROM mine SELECT x UNION (SELECT 1 EXCEPT SELECT 2) INTERSECT SELECT x FROM mine ORDER BY ALL
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t(n, s) LEFT JOIN LATERAL (SELECT t.n * 2 AS d) ON true
SELECT x, sum(x) FILTER (WHERE x > 0), grouping(x) FROM mine GROUP BY GROUPING SETS ((x), (y), ()), CUBE (x), ROLLUP (y)
SELECT m.x FROM mine m ASOF JOIN mine n ON m.x >= n.x POSITIONAL JOIN mine o ANTI JOIN mine p ON m.x = p.x
SELECT EXISTS (SELECT 1 FROM mine WHERE x = m.x), (SELECT max(x) FROM mine), ARRAY(SELECT x FROM mine) FROM mine m
SELECT unnest([1, 2]), unnest({'a': 1}), generate_series(1, 3), json_extract('{"a": [1]}', '$.a[0]')
PIVOT mine ON y IN ('one', 'two') USING sum(x) AS s GROUP BY x
PIVOT (SELECT * FROM mine) ON y USING count(*), max(x)
UNPIVOT mine ON x INTO NAME n VALUE v
SELECT * FROM mine PIVOT (sum(x) FOR y IN ('a', 'b'))
SELECT * FROM mine UNPIVOT INCLUDE NULLS (v FOR n IN (x))
SUMMARIZE mine
DESCRIBE SELECT * FROM mine
EXPLAIN SELECT * FROM mine WHERE x = 1
EXPLAIN ANALYZE SELECT count(*) FROM mine
SHOW TABLES
SHOW ALL TABLES
SHOW SCHEMAS
SHOW DATABASES
SHOW GRANTS FOR USER ann
SHOW AUDIT LIMIT 3
SHOW SESSIONS
SHOW POLICIES ON mine
SHOW VERSIONS OF mine
SHOW CREATE TABLE mine
TABLE mine
VALUES (1, 'a'), (?, $2)
INSERT INTO mine VALUES (1, 'one'), (2, NULL) RETURNING x, upper(y)
INSERT INTO mine (y, x) SELECT 'a', 1 FROM range(3)
INSERT INTO mine BY NAME SELECT 'z' AS y, 9 AS x
INSERT INTO mine DEFAULT VALUES
INSERT INTO mine VALUES (1, 'a') ON CONFLICT DO NOTHING
WITH s AS (SELECT 1 AS k) UPDATE mine SET y = 'n', x = s.k FROM s WHERE mine.x = s.k
UPDATE mine AS m SET x = x + 1 WHERE EXISTS (SELECT 1 FROM mine n WHERE n.x = m.x)
DELETE FROM mine AS m USING mine n WHERE m.x = n.x AND n.y = 'gone'
MERGE INTO mine AS t USING (SELECT 1 AS x, 'm' AS y) AS s ON t.x = s.x WHEN MATCHED AND t.y = 'q' THEN DELETE WHEN MATCHED THEN UPDATE SET y = s.y WHEN NOT MATCHED THEN INSERT (x, y) VALUES (s.x, s.y)
COPY mine TO 'out.csv' (HEADER true, DELIMITER ';')
COPY (SELECT * FROM mine) TO 'out.parquet' (FORMAT parquet)
COPY mine FROM 'out.csv' (HEADER, DELIMITER ';')
CREATE TABLE own.made (id BIGINT NOT NULL, t TIMESTAMP, s STRUCT(a INT, b VARCHAR[]), d DECIMAL(10, 2)) PARTITIONED BY (bucket(4, id), month(t)) WITH ('format-version' = '3')
CREATE OR REPLACE TABLE own.made AS SELECT * FROM mine
CREATE TABLE IF NOT EXISTS own.made (x INT)
ALTER TABLE own.o ADD COLUMN extra VARCHAR
ALTER TABLE own.o RENAME COLUMN extra TO other
ALTER TABLE own.o DROP COLUMN IF EXISTS other
ALTER TABLE own.o ALTER COLUMN x SET DATA TYPE BIGINT
ALTER TABLE own.o SET ('commit.retry.num-retries' = '2')
DROP TABLE IF EXISTS own.made
CREATE OR REPLACE VIEW own.seen AS SELECT x, y FROM mine WHERE x > 0
DROP VIEW IF EXISTS own.seen
CREATE SCHEMA IF NOT EXISTS sub
DROP SCHEMA IF EXISTS sub CASCADE
BEGIN TRANSACTION
COMMIT
ROLLBACK
SET statement_timeout = '2s'
SET TimeZone = 'Europe/Amsterdam'
RESET statement_timeout
USE db
GRANT SELECT (x), UPDATE ON mine TO ROLE reader
REVOKE ALL PRIVILEGES ON TABLE mine FROM ROLE reader
GRANT ROLE reader TO USER ann
REVOKE ROLE reader FROM USER ann
CREATE ROW FILTER f ON own.o FOR ROLE reader USING (x > 0 AND has_role('reader'))
CREATE OR REPLACE COLUMN MASK m ON own.o (y) FOR ROLE reader USING (CASE WHEN x > 1 THEN y ELSE '***' END)
DROP ROW FILTER IF EXISTS f ON own.o
DROP COLUMN MASK IF EXISTS m ON own.o
CREATE TOKEN t EXPIRES IN '3 days'
REVOKE TOKEN 't'
CREATE ROLE r2
DROP ROLE IF EXISTS r2
CREATE GROUP g2
ADD USER ann TO GROUP g2
KILL QUERY '00000000-0000-0000-0000-000000000000'
SELECT * FROM information_schema.columns c JOIN information_schema.tables t USING (table_name)
SELECT relname, nspname FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace
SELECT * FROM '/etc/passwd'
SELECT * FROM read_csv('/etc/passwd'), duckdb_secrets(), glob('/*')
ATTACH '/tmp/x.db' AS x
INSTALL httpfs
PRAGMA database_list
CREATE MACRO f(a) AS a + 1
PREPARE p AS SELECT $1
EXECUTE p(1)
SELECT E'\x41\u0042', $tag$ text $tag$, 'a''b', "x", 0x1F, 1_000, 1.5e-3, 'a' COLLATE nocase FROM mine
/* a /* nested */ comment */ SELECT 1 -- the end
SELECT x AS "quoted ""name""", y "é", '😀' FROM mine
SELECT try_cast('x' AS INTEGER), 1 / 0, sqrt(-1), 9223372036854775807 + 1, 'a'::INTEGER
SELECT strftime(now(), '%Y'), regexp_replace('abc', '(b)', '[\1]'), printf('%d', 1), format('{}', 1)
SELECT max(x ORDER BY y), string_agg(y, ',' ORDER BY x), quantile_cont(x, 0.5), approx_count_distinct(y) FROM mine
