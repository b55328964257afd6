-- group by all
SELECT status, customer_id, count(*) FROM orders GROUP BY ALL ORDER BY ALL;

-- group by position and alias
SELECT upper(status) AS st, count(*) FROM orders GROUP BY 1 HAVING count(*) > 5 ORDER BY st;

-- rollup
SELECT region, product, sum(amount) FROM sales GROUP BY ROLLUP (region, product) ORDER BY ALL;

-- cube with grouping
SELECT region, product, grouping(region, product) g, count(*) FROM sales GROUP BY CUBE (region, product) ORDER BY ALL;

-- grouping sets
SELECT region, quarter, sum(amount), grouping_id(region, quarter) FROM sales GROUP BY GROUPING SETS ((region, quarter), (region), ()) ORDER BY ALL;

-- mixed grouping sets
SELECT status, customer_id, count(*) FROM orders GROUP BY status, ROLLUP (customer_id) ORDER BY ALL;

-- filter clause
SELECT count(*) FILTER (WHERE flag), sum(small) FILTER (WHERE NOT flag), avg(d) FILTER (WHERE isfinite(d)) FROM numbers;

-- having without group by
SELECT sum(total) FROM orders HAVING count(*) > 10;

-- aggregate of an empty table
SELECT count(*), count(id), sum(id), min(v), max(v), avg(id), list(v), string_agg(v) FROM nothing;

-- group by on an empty table
SELECT v, count(*) FROM nothing GROUP BY v;

-- aggregate of an emptied table
SELECT count(*), max(id) FROM emptied;

-- all null columns
SELECT count(*), count(a), sum(b), min(a), max(c), avg(b), any_value(a) FROM hollow;

-- min and max with nan
SELECT min(d), max(d), min(f), max(f) FROM numbers;

-- sum and avg with infinity
SELECT sum(d), avg(d), sum(f) FROM numbers WHERE id IN (4, 9);

-- sum over infinities of both signs
SELECT sum(d) FROM numbers;

-- sums of bigint go beyond bigint
SELECT sum(big), avg(big) FROM numbers WHERE big > 0;

-- decimal aggregates
SELECT sum(price), avg(price), min(wide), max(wide) FROM numbers WHERE id > 4;

-- statistics
SELECT round(stddev(total), 6), round(var_pop(total), 6), round(corr(id, total), 6), round(skewness(total), 6), round(kurtosis(total), 6) FROM orders;

-- quantiles
SELECT median(total), quantile_cont(total, 0.25), quantile_disc(total, [0.1, 0.9]), mode(customer_id) FILTER (WHERE customer_id = 1) FROM orders;

-- distinct aggregates
SELECT count(DISTINCT status), count(DISTINCT customer_id), sum(DISTINCT customer_id) FROM orders;

-- ordered aggregates
SELECT string_agg(name, ',' ORDER BY name DESC), list(id ORDER BY salary, id) FROM employees;

-- string agg distinct
SELECT string_agg(DISTINCT city, '|' ORDER BY city) FROM customers;

-- arg min and arg max
SELECT arg_min(name, salary), arg_max(name, salary), arg_max(name, salary, 3) FROM (SELECT * FROM employees ORDER BY id) WHERE id <> 5;

-- bool and bit aggregates
SELECT bool_and(flag), bool_or(flag), bit_and(small), bit_or(small), bit_xor(small) FROM numbers;

-- histogram
SELECT histogram(status) FROM orders;

-- group by nested value
SELECT pos.x IS NULL AS n, count(*) FROM nested GROUP BY n ORDER BY n;

-- group by null and empty text
SELECT city, count(*) FROM customers GROUP BY city ORDER BY city NULLS FIRST;

-- group by nan and zero
SELECT d, count(*) FROM numbers GROUP BY d ORDER BY d NULLS LAST;

-- group by blob and uuid
SELECT b, u, count(*) FROM texts WHERE id < 6 OR id = 18 GROUP BY ALL ORDER BY ALL;

-- group by date parts
SELECT date_trunc('quarter', placed) q, count(*), sum(total) FROM orders GROUP BY q ORDER BY q;

-- distinct on
SELECT DISTINCT ON (status) status, id, total FROM orders ORDER BY status NULLS FIRST, total DESC, id;

-- distinct
SELECT DISTINCT flag, small > 3 FROM numbers ORDER BY ALL;

-- count distinct with rows
SELECT count(*) FROM (SELECT DISTINCT * FROM numbers);

-- sample of all rows
SELECT count(*) FROM orders USING SAMPLE 100 PERCENT (bernoulli);

-- sample of a fixed number of rows
SELECT count(*) FROM (SELECT * FROM orders USING SAMPLE 7 ROWS (reservoir, 42));

-- tablesample repeatable
SELECT count(*) FROM orders TABLESAMPLE reservoir(5 ROWS) REPEATABLE (3);

-- sample more than there is
SELECT id FROM customers USING SAMPLE 1000 ROWS ORDER BY id;

-- sample nothing
SELECT count(*) FROM orders TABLESAMPLE bernoulli(0 PERCENT);

-- sample of an ordered constant range
SELECT count(*) BETWEEN 1 AND 1000 FROM range(1000) USING SAMPLE reservoir(50 ROWS) REPEATABLE (100);

-- approximate counts
SELECT approx_count_distinct(status) FROM orders;

-- group by having with subquery
SELECT customer_id, sum(total) s FROM orders GROUP BY 1 HAVING s > (SELECT avg(total) * 5 FROM orders) ORDER BY ALL;

-- aggregates over a join of views
SELECT sum(n), sum(total) FROM city_totals WHERE city <> '';

-- count with deleted and updated rows
SELECT status, count(*), sum(total), min(id), max(id) FROM orders GROUP BY status ORDER BY status NULLS FIRST;

-- count star over partitions
SELECT kind, count(*), min(moment), max(moment), sum(v) FILTER (WHERE isfinite(v)) > 0 FROM events GROUP BY kind ORDER BY kind;

-- max of a pruned partition
SELECT max(id), min(v) FROM events WHERE moment >= TIMESTAMP '2024-01-03' AND moment < TIMESTAMP '2024-01-04' AND kind = 'kind2';
