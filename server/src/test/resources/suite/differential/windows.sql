-- row number
SELECT id, row_number() OVER (ORDER BY total DESC, id) AS rn FROM orders ORDER BY id;

-- rank and dense rank
SELECT name, dept, rank() OVER (PARTITION BY dept ORDER BY salary DESC) r, dense_rank() OVER (PARTITION BY dept ORDER BY salary DESC) dr FROM employees ORDER BY ALL;

-- running sum
SELECT id, sum(total) OVER (PARTITION BY customer_id ORDER BY id) s FROM orders ORDER BY id;

-- moving average over rows
SELECT id, avg(v) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING) a FROM events WHERE id BETWEEN 2000 AND 2020 ORDER BY id;

-- range frame over timestamps
SELECT id, count(*) OVER (ORDER BY placed RANGE BETWEEN INTERVAL 30 DAYS PRECEDING AND CURRENT ROW) n FROM orders ORDER BY id;

-- groups frame
SELECT id, salary, sum(salary) OVER (ORDER BY salary GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) s FROM employees ORDER BY id;

-- exclude current row
SELECT id, sum(salary) OVER (PARTITION BY dept ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW) s FROM employees ORDER BY id;

-- exclude ties
SELECT id, count(*) OVER (ORDER BY salary ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE TIES) s FROM employees ORDER BY id;

-- lag and lead with default
SELECT id, lag(total, 2, -1) OVER (ORDER BY id) g, lead(total) OVER (ORDER BY id) l FROM orders ORDER BY id;

-- first last and nth value
SELECT id, first_value(name) OVER w f, last_value(name) OVER w l, nth_value(name, 2) OVER w n FROM employees WINDOW w AS (PARTITION BY dept ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) ORDER BY id;

-- ignore nulls
SELECT id, last_value(flag IGNORE NULLS) OVER (ORDER BY id, price) FROM numbers ORDER BY ALL;

-- ntile percent rank cume dist
SELECT id, ntile(3) OVER (ORDER BY id), percent_rank() OVER (ORDER BY salary), cume_dist() OVER (ORDER BY salary) FROM employees ORDER BY id;

-- filter in window
SELECT id, count(*) FILTER (WHERE status = 'paid') OVER (PARTITION BY customer_id) n FROM orders ORDER BY id;

-- qualify
SELECT dept, name, salary FROM employees QUALIFY row_number() OVER (PARTITION BY dept ORDER BY salary DESC, id) = 1 ORDER BY ALL;

-- qualify with alias
SELECT id, rank() OVER (ORDER BY total DESC) AS r FROM orders QUALIFY r <= 5 ORDER BY r, id;

-- window over aggregate
SELECT dept, sum(salary) s, rank() OVER (ORDER BY sum(salary) DESC) r FROM employees GROUP BY dept ORDER BY r, dept;

-- named windows
SELECT id, sum(qty) OVER a, avg(qty) OVER b FROM (SELECT order_id AS id, line, qty FROM items) WINDOW a AS (PARTITION BY id ORDER BY line), b AS (PARTITION BY id) ORDER BY ALL;

-- nulls last in window order
SELECT id, row_number() OVER (ORDER BY credit DESC NULLS LAST, id) r FROM customers ORDER BY id;

-- nan in window order
SELECT id, rank() OVER (ORDER BY d) r FROM numbers ORDER BY ALL;

-- distinct aggregate in window
SELECT id, count(DISTINCT status) OVER (PARTITION BY customer_id) n FROM orders ORDER BY id;

-- list aggregate in window
SELECT id, list(name) OVER (PARTITION BY dept ORDER BY id) FROM employees ORDER BY id;

-- window in a subquery with filter
SELECT * FROM (SELECT id, total, row_number() OVER (PARTITION BY status ORDER BY total DESC, id) rn FROM orders) WHERE rn = 1 ORDER BY id;

-- window in a view
WITH w AS (SELECT id, sum(total) OVER (ORDER BY id) s FROM big_orders) SELECT * FROM w WHERE s > 1000 ORDER BY id;

-- arg max in window
SELECT id, arg_max(name, salary) OVER (PARTITION BY dept ORDER BY id) m FROM employees ORDER BY id;

-- fill missing values
SELECT id, fill(v) OVER (ORDER BY id) FROM (SELECT id, CASE WHEN isnan(v) THEN NULL ELSE v END AS v FROM events WHERE id < 100) ORDER BY id;
