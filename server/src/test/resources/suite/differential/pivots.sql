-- pivot statement
PIVOT sales ON quarter USING sum(amount) ORDER BY ALL;

-- pivot with group by
PIVOT sales ON quarter USING sum(amount) GROUP BY region ORDER BY region NULLS FIRST;

-- pivot on values listed
PIVOT sales ON quarter IN (1, 2, 9) USING sum(amount) AS s, count(*) AS n GROUP BY product ORDER BY product NULLS FIRST;

-- pivot on two columns
PIVOT sales ON region, quarter USING count(*) GROUP BY product ORDER BY ALL;

-- pivot on an expression
PIVOT sales ON quarter || '_' || product USING max(amount) GROUP BY region ORDER BY ALL;

-- pivot in from
SELECT * FROM sales PIVOT (sum(amount) FOR quarter IN (1, 2, 3) GROUP BY product) ORDER BY product NULLS FIRST;

-- pivot of a subquery
SELECT * FROM (SELECT product, quarter, amount FROM sales) PIVOT (sum(amount) FOR quarter IN (1, 4)) ORDER BY product NULLS FIRST;

-- pivot in a cte
WITH p AS (PIVOT sales ON quarter USING sum(amount) GROUP BY region) SELECT * FROM p ORDER BY region NULLS FIRST;

-- pivot of a cte
WITH s AS (SELECT region, quarter, amount FROM sales WHERE amount > 4) PIVOT s ON quarter USING sum(amount) ORDER BY ALL;

-- pivot subquery in from
SELECT p.* FROM (PIVOT sales ON product USING count(*) GROUP BY quarter) p ORDER BY quarter NULLS FIRST;

-- pivot a view
PIVOT city_totals ON city USING sum(total);

-- pivot wide alias
PIVOT_WIDER sales ON quarter USING first(amount) GROUP BY region, product ORDER BY ALL;

-- pivot with several aggregates
PIVOT orders ON status USING sum(total) AS total, count(*) AS n GROUP BY customer_id ORDER BY customer_id NULLS FIRST;

-- unpivot statement
UNPIVOT (SELECT id, small, big FROM numbers) ON small::BIGINT AS small, big INTO NAME what VALUE v ORDER BY ALL;

-- unpivot with columns
UNPIVOT (SELECT id, name, city FROM customers) ON COLUMNS(* EXCLUDE id) INTO NAME field VALUE v ORDER BY ALL;

-- unpivot in from
SELECT * FROM (SELECT id, name, city FROM customers) UNPIVOT (v FOR field IN (name, city)) ORDER BY ALL;

-- unpivot include nulls
SELECT * FROM (SELECT id, name, city FROM customers) UNPIVOT INCLUDE NULLS (v FOR field IN (name, city)) ORDER BY ALL;

-- unpivot several values
SELECT * FROM (SELECT id, name, city, credit::VARCHAR AS c1, joined::VARCHAR AS c2 FROM customers) UNPIVOT ((x, y) FOR f IN ((name, city), (c1, c2))) ORDER BY ALL;

-- unpivot then pivot
WITH u AS (UNPIVOT (SELECT key, a, late FROM evolved) ON a, late INTO NAME n VALUE v) PIVOT u ON n USING max(v) GROUP BY key ORDER BY key;

-- conditional aggregates as a hand made pivot
SELECT region, sum(amount) FILTER (WHERE quarter = 1) q1, sum(amount) FILTER (WHERE quarter = 2) q2 FROM sales GROUP BY region ORDER BY region NULLS FIRST;
