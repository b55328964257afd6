-- scalar subquery
SELECT id, (SELECT name FROM customers c WHERE c.id = o.customer_id) AS who FROM orders o ORDER BY id;

-- correlated exists
SELECT id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.status = 'paid') ORDER BY id;

-- correlated not exists
SELECT id FROM customers c WHERE NOT EXISTS (FROM orders o WHERE o.customer_id = c.id) ORDER BY id;

-- in subquery
SELECT id FROM orders WHERE customer_id IN (SELECT id FROM customers WHERE city = 'London') ORDER BY id;

-- not in with nulls
SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM orders) ORDER BY id;

-- not in without nulls
SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM orders WHERE customer_id IS NOT NULL) ORDER BY id;

-- any and all
SELECT id FROM employees WHERE salary >= ALL (SELECT salary FROM employees WHERE dept = 'eng') OR salary = ANY (SELECT salary FROM employees WHERE id IN (4, 7)) ORDER BY id;

-- tuple in subquery
SELECT order_id, line FROM items WHERE (order_id, line) IN (SELECT id, 2 FROM orders WHERE status = 'late') ORDER BY ALL;

-- correlated aggregate
SELECT name, salary FROM employees e WHERE salary > (SELECT avg(salary) FROM employees x WHERE x.dept = e.dept) ORDER BY name;

-- two levels of correlation
SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND EXISTS (SELECT 1 FROM items i WHERE i.order_id = o.id AND i.product = 'apple' AND i.price > c.id / 10.0)) ORDER BY 1;

-- subquery in select list with limit
SELECT id, (SELECT max(total) FROM orders o WHERE o.customer_id = c.id) m FROM customers c ORDER BY id;

-- subquery in order by
SELECT id FROM customers c ORDER BY (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) DESC, id;

-- subquery in group by
SELECT (SELECT city FROM customers c WHERE c.id = o.customer_id) city, count(*) FROM orders o GROUP BY 1 ORDER BY 1 NULLS FIRST;

-- subquery in having
SELECT status FROM orders GROUP BY status HAVING count(*) = (SELECT max(n) FROM (SELECT count(*) n FROM orders GROUP BY status)) ORDER BY 1;

-- subquery in case
SELECT id, CASE WHEN id IN (SELECT boss FROM employees) THEN 'boss' ELSE 'staff' END FROM employees ORDER BY id;

-- subquery in a join condition
SELECT c.id, o.id FROM customers c JOIN orders o ON o.id = (SELECT max(x.id) FROM orders x WHERE x.customer_id = c.id) ORDER BY ALL;

-- subquery in limit
SELECT id FROM orders ORDER BY id LIMIT (SELECT count(*) FROM customers);

-- array subquery
SELECT id, ARRAY(SELECT o.id FROM orders o WHERE o.customer_id = c.id ORDER BY o.id) FROM customers c ORDER BY id;

-- subquery without from
SELECT (SELECT 1) + (SELECT 2) AS three;

-- scalar subquery without rows
SELECT (SELECT id FROM nothing) IS NULL AS n;

-- subquery over a view
SELECT id FROM big_orders WHERE total > (SELECT avg(total) FROM big_orders) ORDER BY id;

-- derived table with aliases
SELECT t.a, t.b FROM (SELECT id, name FROM customers) AS t(a, b) ORDER BY a;

-- nested derived tables
SELECT max(m) FROM (SELECT customer_id, max(s) m FROM (SELECT customer_id, status, sum(total) s FROM orders GROUP BY 1, 2) GROUP BY 1);

-- correlated lateral unnest
SELECT id, (SELECT string_agg(x, '+' ORDER BY x) FROM unnest(tags) t(x)) FROM nested ORDER BY id;

-- correlated subquery in a window order
SELECT id, row_number() OVER (ORDER BY (SELECT count(*) FROM items i WHERE i.order_id = o.id) DESC, id) FROM orders o ORDER BY id;

-- in list of constants
SELECT id FROM orders WHERE id IN (1, 5, 7, 100, NULL) ORDER BY id;

-- in list of texts on a partition column
SELECT region, product FROM sales WHERE region IN ('NULL', '', 'a/b=c') ORDER BY ALL;

-- null partition
SELECT product, amount FROM sales WHERE region IS NULL ORDER BY ALL;

-- not equal skips nulls
SELECT count(*) FROM sales WHERE region <> 'north';

-- correlated with union
SELECT c.id, (SELECT sum(x) FROM (SELECT total AS x FROM orders o WHERE o.customer_id = c.id UNION ALL SELECT 1)) FROM customers c ORDER BY 1;

-- exists over an empty table
SELECT EXISTS (SELECT 1 FROM nothing), EXISTS (FROM emptied), NOT EXISTS (FROM hollow);
