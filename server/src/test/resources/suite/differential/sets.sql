-- union removes duplicates
SELECT city FROM customers UNION SELECT status FROM orders ORDER BY 1 NULLS LAST;

-- union all
SELECT id FROM customers UNION ALL SELECT id FROM other.customers ORDER BY 1;

-- union by name
SELECT id, name FROM customers UNION BY NAME SELECT note, id FROM other.customers ORDER BY ALL;

-- union all by name
SELECT id, name FROM customers UNION ALL BY NAME SELECT note, id FROM other.customers ORDER BY ALL;

-- intersect
SELECT id FROM customers INTERSECT SELECT id FROM other.customers;

-- intersect all
(SELECT small FROM numbers) INTERSECT ALL (SELECT small FROM numbers WHERE small = 1 OR small = 3) ORDER BY 1;

-- except
SELECT name FROM customers EXCEPT SELECT name FROM employees ORDER BY 1;

-- except all
SELECT small FROM numbers EXCEPT ALL SELECT 3 ORDER BY 1;

-- nested set operations with parentheses
((SELECT 1 AS a UNION SELECT 2) EXCEPT SELECT 2) UNION ALL (SELECT 3 INTERSECT SELECT 3) ORDER BY a;

-- set operation precedence
SELECT 1 AS a UNION ALL SELECT 2 INTERSECT SELECT 2 ORDER BY a;

-- union casts to a common type
SELECT id FROM customers UNION ALL SELECT total FROM orders WHERE id < 3 ORDER BY 1;

-- union of decimals and doubles
SELECT price FROM numbers WHERE id < 3 UNION ALL SELECT d FROM numbers WHERE id = 9 ORDER BY ALL;

-- limit inside and outside
(SELECT id FROM orders ORDER BY id LIMIT 3) UNION ALL (SELECT id FROM orders ORDER BY id DESC LIMIT 3) ORDER BY 1 LIMIT 4;

-- union of nulls and nan
SELECT d FROM numbers UNION SELECT f::DOUBLE FROM numbers ORDER BY 1 NULLS FIRST;

-- values in union
VALUES (1, 'a'), (2, NULL) UNION ALL SELECT id, name FROM customers WHERE id > 6 ORDER BY 1;

-- union of tables with different partitioning
SELECT count(*) FROM (SELECT id FROM orders UNION ALL SELECT order_id FROM items UNION ALL SELECT key FROM evolved);

-- except with deleted rows
SELECT id FROM range(1, 81) r(id) EXCEPT SELECT id FROM orders ORDER BY id;

-- union of the same table at different filters
SELECT id FROM events WHERE id < 5 UNION SELECT id FROM events WHERE id > 2995 ORDER BY id;

-- intersect on nested types
SELECT tags FROM nested INTERSECT SELECT ['a', 'b', NULL];
