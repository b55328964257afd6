-- simple cte
WITH x AS (SELECT * FROM customers WHERE credit > 0) SELECT name FROM x ORDER BY name;

-- cte that shadows a table
WITH customers AS (SELECT 42 AS id) SELECT * FROM customers;

-- cte that shadows a table and reads it inside
WITH orders AS (SELECT * FROM main.orders WHERE id < 4) SELECT id FROM orders ORDER BY id;

-- cte that shadows a table read by its own name inside
WITH customers AS (SELECT id + 100 AS id FROM customers) SELECT min(id), max(id) FROM customers;

-- qualified name beats the cte
WITH customers AS (SELECT 1 AS id) SELECT (SELECT count(*) FROM customers) AS c, (SELECT count(*) FROM main.customers) AS t;

-- cte shadows only in its scope
SELECT (WITH customers AS (SELECT 7 AS id) SELECT max(id) FROM customers) AS inner_max, (SELECT max(id) FROM customers) AS outer_max;

-- nested cte shadows outer cte
WITH a AS (SELECT 1 AS v), b AS (WITH a AS (SELECT 2 AS v) SELECT v FROM a) SELECT a.v, b.v FROM a, b;

-- cte chain where a later one shadows a table used by an earlier one
WITH big AS (SELECT count(*) AS n FROM employees), employees AS (SELECT 'x' AS n) SELECT big.n, employees.n FROM big, employees;

-- column aliases of a cte
WITH t(a, b) AS (SELECT id, name FROM customers) SELECT b, a FROM t ORDER BY a;

-- materialized cte
WITH t AS MATERIALIZED (SELECT id, total FROM orders) SELECT a.id FROM t a JOIN t b ON a.total < b.total AND b.id = 3 ORDER BY 1;

-- not materialized cte
WITH t AS NOT MATERIALIZED (SELECT customer_id, sum(total) s FROM orders GROUP BY 1) SELECT * FROM t WHERE customer_id = 3;

-- recursive counter
WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 10) SELECT sum(n) FROM c;

-- recursive hierarchy
WITH RECURSIVE tree AS (SELECT id, name, 0 AS depth, name::VARCHAR AS path FROM employees WHERE boss IS NULL UNION ALL SELECT e.id, e.name, depth + 1, path || '/' || e.name FROM employees e JOIN tree t ON e.boss = t.id) SELECT * FROM tree ORDER BY path;

-- recursive with union distinct on a cycle
WITH RECURSIVE g AS (SELECT 1 AS x UNION SELECT (x * 2) % 7 FROM g) SELECT * FROM g ORDER BY x;

-- recursive cte that shadows a table
WITH RECURSIVE employees AS (SELECT 1 AS id UNION ALL SELECT id + 1 FROM employees WHERE id < 3) SELECT * FROM employees ORDER BY id;

-- recursive cte joined with the table of the same name in another schema
WITH RECURSIVE customers(id) AS (SELECT 1 UNION ALL SELECT id + 4 FROM customers WHERE id < 9) SELECT c.id, o.name FROM customers c LEFT JOIN other.customers o ON o.id = c.id ORDER BY 1;

-- recursive using key
WITH RECURSIVE t(a, b) USING KEY (a) AS (SELECT 1, 1 UNION SELECT a, b + 1 FROM t WHERE b < 5) SELECT * FROM t;

-- two recursive ctes
WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < 3), b(n) AS (SELECT 10 UNION ALL SELECT n + 10 FROM b WHERE n < 30) SELECT a.n, b.n FROM a, b ORDER BY ALL;

-- cte used several times
WITH t AS (SELECT status, count(*) n FROM orders GROUP BY status) SELECT a.status, b.status FROM t a JOIN t b ON a.n = b.n AND a.status < b.status ORDER BY ALL;

-- cte in a set operation
WITH t AS (SELECT id FROM customers) SELECT id FROM t UNION ALL SELECT id + 100 FROM t ORDER BY 1;

-- cte inside a subquery in where
SELECT id FROM orders WHERE total > (WITH t AS (SELECT avg(total) AS m FROM orders) SELECT m FROM t) ORDER BY id;

-- cte with values
WITH v(k, w) AS (VALUES (1, 'a'), (2, 'b')) SELECT * FROM v JOIN customers ON id = k ORDER BY k;

-- cte named like a view
WITH big_orders AS (SELECT 'mine' AS who) SELECT * FROM big_orders;

-- view is not touched by a cte named like its table
WITH orders AS (SELECT 1 AS id, 1 AS customer_id, 1000 AS total) SELECT count(*) FROM big_orders;

-- cte with a reserved word as name
WITH "select" AS (SELECT 1 AS "from") SELECT "from" FROM "select";

-- cte name with other case
WITH T AS (SELECT 1 AS x) SELECT X FROM t;

-- cte from first
WITH t AS (FROM customers SELECT id, city) FROM t WHERE city IS NULL;

-- deep chain of ctes
WITH a AS (SELECT id FROM orders), b AS (SELECT id + 1 AS id FROM a), c AS (SELECT id + 1 AS id FROM b), d AS (SELECT id + 1 AS id FROM c), e AS (SELECT id + 1 AS id FROM d) SELECT min(id), max(id), count(*) FROM e;

-- fibonacci
WITH RECURSIVE f(a, b, n) AS (SELECT 0::BIGINT, 1::BIGINT, 1 UNION ALL SELECT b, a + b, n + 1 FROM f WHERE n < 80) SELECT a, n FROM f ORDER BY n DESC LIMIT 3;
