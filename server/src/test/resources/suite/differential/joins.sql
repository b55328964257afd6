-- inner join
SELECT o.id, c.name FROM orders o JOIN customers c ON o.customer_id = c.id ORDER BY o.id;

-- inner join using
SELECT id, c.name, oc.name, note FROM customers c JOIN other.customers oc USING (id) ORDER BY id;

-- natural join
SELECT * FROM customers NATURAL JOIN (SELECT id, note FROM other.customers) n;

-- left join keeps rows without partner
SELECT c.id, count(o.id) AS n FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id ORDER BY c.id;

-- right join
SELECT c.name, o.id FROM customers c RIGHT JOIN orders o ON o.customer_id = c.id WHERE c.id IS NULL ORDER BY o.id;

-- full join
SELECT a.id, b.id, a.name, b.name FROM customers a FULL JOIN other.customers b ON a.id = b.id ORDER BY ALL;

-- full join using coalesces the key
SELECT id, a.name, b.name FROM customers a FULL JOIN other.customers b USING (id) ORDER BY id;

-- cross join
SELECT a.id, b.symbol FROM customers a CROSS JOIN prices b ORDER BY ALL;

-- comma join with condition
SELECT c.name, o.id FROM customers c, orders o WHERE c.id = o.customer_id AND o.total > 150 ORDER BY ALL;

-- self join on inequality
SELECT a.id, b.id FROM employees a JOIN employees b ON a.salary < b.salary AND a.dept = b.dept ORDER BY ALL;

-- three tables with aggregate
SELECT c.city, i.product, sum(i.qty * i.price) AS amount FROM customers c JOIN orders o ON o.customer_id = c.id JOIN items i ON i.order_id = o.id GROUP BY ALL ORDER BY ALL;

-- semi join
SELECT id, name FROM customers c SEMI JOIN orders o ON o.customer_id = c.id ORDER BY id;

-- anti join
SELECT id, name FROM customers c ANTI JOIN orders o ON o.customer_id = c.id ORDER BY id;

-- semi join using
SELECT * FROM customers SEMI JOIN other.customers USING (id);

-- anti join using nulls
SELECT symbol, qty FROM trades ANTI JOIN prices USING (symbol) ORDER BY ALL;

-- asof join
SELECT t.symbol, t.moment, t.qty, p.price FROM trades t ASOF JOIN prices p ON t.symbol = p.symbol AND t.moment >= p.moment ORDER BY ALL;

-- asof left join
SELECT t.symbol, t.moment, t.qty, p.price FROM trades t ASOF LEFT JOIN prices p ON t.symbol = p.symbol AND t.moment >= p.moment ORDER BY ALL;

-- asof join forwards
SELECT t.symbol, t.moment, p.moment, p.price FROM trades t ASOF JOIN prices p ON t.symbol = p.symbol AND t.moment <= p.moment ORDER BY ALL;

-- asof join using
SELECT * FROM trades ASOF JOIN prices USING (symbol, moment) ORDER BY ALL;

-- positional join
SELECT a.id, b.n FROM (SELECT id FROM employees ORDER BY id) a POSITIONAL JOIN (SELECT id * 10 AS n FROM customers ORDER BY id) b;

-- lateral join
SELECT c.id, x.id, x.total FROM customers c, LATERAL (SELECT o.id, o.total FROM orders o WHERE o.customer_id = c.id ORDER BY o.total DESC, o.id LIMIT 2) x ORDER BY ALL;

-- implicit lateral with unnest
SELECT n.id, t.tag FROM nested n, unnest(n.tags) AS t(tag) ORDER BY ALL;

-- left lateral join
SELECT c.id, x.s FROM customers c LEFT JOIN LATERAL (SELECT sum(total) AS s FROM orders o WHERE o.customer_id = c.id) x ON true ORDER BY c.id;

-- is not distinct from as join condition
SELECT t.symbol, count(*) FROM trades t JOIN prices p ON t.symbol IS NOT DISTINCT FROM p.symbol GROUP BY 1 ORDER BY 1 NULLS FIRST;

-- join on nan and infinity
SELECT a.id, b.id FROM numbers a JOIN numbers b ON a.d = b.f ORDER BY ALL;

-- join on expression
SELECT a.id, b.id FROM texts a JOIN texts b ON lower(a.s) = lower(b.s) AND a.id < b.id ORDER BY ALL;

-- join on or condition
SELECT a.id, b.id FROM customers a JOIN customers b ON (a.city = b.city OR a.credit = b.credit) AND a.id < b.id ORDER BY ALL;

-- join between partitioned tables with pruning
SELECT o.id, count(*) FROM orders o JOIN items i ON i.order_id = o.id WHERE o.placed >= TIMESTAMP '2023-05-01' AND o.placed < TIMESTAMP '2023-07-01' AND i.product = 'fig' GROUP BY 1 ORDER BY 1;

-- join with empty table
SELECT c.id, n.v FROM customers c LEFT JOIN nothing n ON n.id = c.id ORDER BY 1;

-- join with emptied table
SELECT count(*) FROM customers c JOIN emptied e ON e.id = c.id;

-- join views
SELECT v.city, v.total, b.id FROM city_totals v JOIN customers c ON c.city = v.city JOIN big_orders b ON b.customer_id = c.id ORDER BY ALL;

-- join uuid and blob
SELECT a.id, b.id FROM texts a JOIN texts b ON a.u = b.u AND a.b = b.b ORDER BY ALL;

-- range join
SELECT o.id, e.name FROM orders o JOIN employees e ON o.total BETWEEN e.salary - 5 AND e.salary + 5 ORDER BY ALL;

-- chained mixed joins
SELECT c.name, o.id, i.line FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.status = 'paid' LEFT JOIN items i ON i.order_id = o.id AND i.qty > 3 ORDER BY ALL;

-- join with alias column list
SELECT x, y FROM customers AS t(x, y) JOIN other.customers AS o(z) ON x = z;

-- duplicate column names of a join
SELECT * FROM customers a JOIN other.customers b ON a.id = b.id;

-- table star after join
SELECT b.* FROM customers a JOIN other.customers b ON a.id = b.id;

-- join with parenthesised sub-join
SELECT c.id, j.line FROM customers c JOIN (orders o JOIN items i ON i.order_id = o.id) j ON j.customer_id = c.id WHERE j.line = 3 ORDER BY ALL;
