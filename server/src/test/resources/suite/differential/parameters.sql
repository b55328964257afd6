-- question mark
-- parameters: [3]
SELECT name FROM customers WHERE id = ?;

-- two question marks
-- parameters: [2, 5]
SELECT id FROM customers WHERE id BETWEEN ? AND ? ORDER BY id;

-- numbered parameters out of order
-- parameters: ["London", 1]
SELECT id FROM customers WHERE id >= $2 AND city = $1 ORDER BY id;

-- a parameter used twice
-- parameters: [4]
SELECT $1 + $1 AS twice, id FROM customers WHERE id = $1;

-- text that looks like sql
-- parameters: ["x' OR '1'='1"]
SELECT count(*) FROM customers WHERE name = ?;

-- text with emoji and quotes
-- parameters: ["it's \"quoted\"", "😀 emoji 👩‍👩‍👧"]
SELECT id FROM texts WHERE s IN (?, ?) ORDER BY id;

-- null parameter
-- parameters: [null]
SELECT count(*) FROM customers WHERE city IS NOT DISTINCT FROM ?;

-- double parameter
-- parameters: [2.5]
SELECT id FROM numbers WHERE d = ? ORDER BY ALL;

-- boolean parameter
-- parameters: [true]
SELECT id FROM numbers WHERE flag = ? ORDER BY ALL;

-- date as a text parameter
-- parameters: ["2020-06-30"]
SELECT id FROM customers WHERE joined = ?::DATE;

-- parameter in the select list
-- parameters: ["tag", 7]
SELECT ? AS a, ? AS b, id FROM customers WHERE id = 1;

-- parameter in limit and offset
-- parameters: [3, 2]
SELECT id FROM orders ORDER BY id LIMIT ? OFFSET ?;

-- parameter in a subquery
-- parameters: [100]
SELECT count(*) FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.total > ?);

-- parameter in a cte
-- parameters: ["paid", 50]
WITH t AS (SELECT * FROM orders WHERE status = $1) SELECT id FROM t WHERE total > $2 ORDER BY id;

-- parameter in having
-- parameters: [8]
SELECT status, count(*) n FROM orders GROUP BY status HAVING n > ? ORDER BY ALL;

-- parameter on a partition column
-- parameters: ["north"]
SELECT product, amount FROM sales WHERE region = ? ORDER BY ALL;

-- parameter on a bucketed column
-- parameters: [17]
SELECT line FROM items WHERE order_id = ? ORDER BY line;

-- parameter in a like pattern
-- parameters: ["%a%"]
SELECT id FROM texts WHERE s LIKE ? ORDER BY id;

-- parameter in a list
-- parameters: [1, 5, 9]
SELECT id FROM orders WHERE id IN (?, ?, ?) ORDER BY id;

-- parameter in a case
-- parameters: ["open", "O"]
SELECT id, CASE WHEN status = ? THEN ? ELSE '-' END AS mark FROM orders WHERE id < 9 ORDER BY id;

-- parameter in a join condition
-- parameters: ["fig"]
SELECT o.id FROM orders o JOIN items i ON i.order_id = o.id AND i.product = ? ORDER BY ALL;

-- parameter in a window frame partition
-- parameters: [10]
SELECT id, sum(total) OVER (PARTITION BY id % ? ORDER BY id) FROM orders ORDER BY id LIMIT 15;

-- parameter inside a lambda
-- parameters: ["b"]
SELECT id, list_filter(tags, lambda x: x = ?) FROM nested ORDER BY id;

-- parameter in a set operation
-- parameters: [1, 2]
SELECT ?::INTEGER AS x UNION ALL SELECT ?::INTEGER ORDER BY x;

-- big integer parameter
-- parameters: [9223372036854775807]
SELECT id FROM numbers WHERE big = ? ORDER BY id;

-- values of parameters
-- parameters: [1, "a", 2, "b"]
SELECT * FROM (VALUES (?, ?), (?, ?)) v(n, s) ORDER BY n;

-- parameter in a table function
-- parameters: [4]
SELECT * FROM range(?) ORDER BY 1;
