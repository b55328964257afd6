-- star
SELECT * FROM customers ORDER BY id;

-- from first
FROM customers ORDER BY id;

-- from first with select last
FROM orders SELECT status, count(*) GROUP BY status ORDER BY ALL;

-- exclude
SELECT * EXCLUDE (credit, joined) FROM customers ORDER BY id;

-- replace
SELECT * REPLACE (upper(name) AS name, coalesce(credit, 0) AS credit) FROM customers ORDER BY id;

-- rename
SELECT * RENAME (name AS who, city AS place) FROM customers ORDER BY id;

-- exclude and replace together
SELECT * EXCLUDE (joined) REPLACE (-id AS id) FROM customers ORDER BY id;

-- qualified star with exclude
SELECT c.* EXCLUDE (c.credit), o.id AS oid FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.id < 5 ORDER BY ALL;

-- star like
SELECT * LIKE '%i%' FROM customers ORDER BY ALL;

-- star similar to
SELECT * SIMILAR TO 'c.*' FROM customers ORDER BY ALL;

-- columns with a regular expression
SELECT COLUMNS('^(id|c)') FROM customers ORDER BY id;

-- columns with a lambda
SELECT COLUMNS(lambda c: c LIKE '%e%') FROM customers ORDER BY ALL;

-- columns in an aggregate
SELECT min(COLUMNS(*)), max(COLUMNS('id|total')) FROM orders;

-- columns with rename
SELECT COLUMNS('(.*)e') AS 'x_\1' FROM customers ORDER BY ALL;

-- columns with replace
SELECT max(COLUMNS(* REPLACE (id * 2 AS id))) FROM customers;

-- columns in where
SELECT id FROM (SELECT id, small, big FROM numbers) WHERE COLUMNS(*) > 0 ORDER BY ALL;

-- unpacked columns
SELECT id, coalesce(*COLUMNS('name|city')) AS one FROM customers ORDER BY id;

-- greatest over unpacked columns
SELECT id, greatest(*COLUMNS(['small', 'big'])) AS most FROM numbers ORDER BY ALL;

-- table alias as column list
SELECT t.* FROM customers AS t(a, b, c, d, e) ORDER BY a;

-- alias with prefix colon
SELECT who: name, nr: id FROM customers ORDER BY nr;

-- lateral column alias
SELECT total AS t, t * 2 AS double, double + 1 AS more FROM orders WHERE t > 180 ORDER BY ALL;

-- alias in where
SELECT id AS k FROM customers WHERE k > 3 ORDER BY k;

-- implicit names of expressions
SELECT id + 1, count(*), sum(total) / 2, lower(status), CASE WHEN id > 1 THEN 1 END FROM orders GROUP BY id, status ORDER BY ALL LIMIT 3;

-- order by all descending
SELECT status, customer_id FROM orders ORDER BY ALL DESC;

-- order by position
SELECT name, id FROM customers ORDER BY 2 DESC;

-- order by expression not selected
SELECT name FROM customers ORDER BY id * -1;

-- nulls first
SELECT credit FROM customers ORDER BY credit NULLS FIRST;

-- nulls last descending
SELECT credit FROM customers ORDER BY credit DESC NULLS LAST;

-- order of special doubles
SELECT d FROM numbers ORDER BY d;

-- order of special doubles descending
SELECT d, id FROM numbers ORDER BY d DESC, id;

-- limit and offset
SELECT id FROM orders ORDER BY id LIMIT 5 OFFSET 10;

-- limit percent
SELECT id FROM orders ORDER BY id LIMIT 10 PERCENT;

-- limit zero
SELECT * FROM orders ORDER BY id LIMIT 0;

-- offset past the end
SELECT id FROM orders ORDER BY id OFFSET 1000;

-- top n with late columns
SELECT * FROM events ORDER BY moment DESC, id LIMIT 7;

-- top n over deleted rows
SELECT id FROM orders ORDER BY id DESC LIMIT 12;

-- fetch first
SELECT id FROM orders ORDER BY id FETCH FIRST 3 ROWS ONLY;

-- values
VALUES (1, 'a', NULL), (2, 'b', 3.5);

-- values as a table
SELECT * FROM (VALUES (1, 'x'), (2, 'y')) v(n, s) ORDER BY n;

-- table functions
SELECT * FROM range(3) r(i), generate_series(1, 2) g(j) ORDER BY ALL;

-- unnest as a table
SELECT * FROM unnest([3, 1, 2]) t(v) ORDER BY v;

-- table statement
TABLE other.customers;

-- describe a table
DESCRIBE customers;

-- describe a query
DESCRIBE SELECT id, name AS who, credit * 2 AS twice, [id] AS l FROM customers;

-- describe nested
DESCRIBE nested;

-- describe an evolved table
DESCRIBE evolved;

-- describe as a table
SELECT column_name, column_type FROM (DESCRIBE orders) ORDER BY column_name;

-- summarize
SELECT column_name, column_type, min, max, approx_unique, count, null_percentage FROM (SUMMARIZE customers);

-- summarize evolved
SELECT column_name, column_type, min, max, count FROM (SUMMARIZE evolved);

-- three part name
SELECT count(*) FROM suite.main.orders;

-- three part name in another schema
SELECT name FROM suite.other.customers ORDER BY name;

-- qualified column references
SELECT main.customers.id, customers.name FROM main.customers ORDER BY 1;

-- fully qualified column references
SELECT suite.main.customers.id FROM suite.main.customers ORDER BY 1;

-- schema qualified column of another schema
SELECT other.customers.name FROM other.customers ORDER BY 1;

-- names in other case
SELECT NAME, Id FROM CUSTOMERS ORDER BY iD;

-- odd names
SELECT * FROM "Odd ""Names""" ORDER BY 1;

-- odd column names
SELECT "select", "a.b", "😀", "with space", "qu""ote", "Ünïcode" FROM "Odd ""Names""" WHERE "select" = 1;

-- odd names in expressions
SELECT "😀" * 2 AS "twice 😀", t."a.b" || '!' FROM "Odd ""Names""" AS t ORDER BY ALL;

-- quoted alias
SELECT id AS "the ""id""", name AS "select" FROM customers ORDER BY "the ""id""";

-- duplicate names in the result
SELECT id, id, name AS id FROM customers ORDER BY ALL;

-- comments inside
SELECT /* a */ id -- the key
FROM customers /* ends; here */ WHERE id < 3 ORDER BY id;

-- trailing semicolon and space
SELECT 1 AS one ;   

-- empty result keeps types
SELECT id, name, credit, joined FROM customers WHERE false;

-- try
SELECT TRY(1 / 0), TRY(CAST('x' AS INTEGER)), TRY_CAST('y' AS DATE);

-- try cast of a column
SELECT id, TRY_CAST(s AS INTEGER) FROM texts ORDER BY id;

-- macro like chains
SELECT name.upper().substr(1, 2) FROM customers ORDER BY id;
