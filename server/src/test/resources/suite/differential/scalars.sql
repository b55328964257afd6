-- like
SELECT id FROM texts WHERE s LIKE '%a%' ORDER BY id;

-- like with escape
SELECT id, s FROM texts WHERE s LIKE '100\%' ESCAPE '\' OR s LIKE '100$_' ESCAPE '$' ORDER BY id;

-- ilike and not like
SELECT id FROM texts WHERE s ILIKE 'z%' OR s NOT LIKE '%e%' ORDER BY id;

-- glob operator
SELECT id FROM texts WHERE s GLOB '[A-Z]*' ORDER BY id;

-- similar to
SELECT id FROM texts WHERE s SIMILAR TO '[a-z]+' ORDER BY id;

-- regular expressions
SELECT id, regexp_matches(s, '^\w+$'), regexp_extract(s, '(\w)(\w)', 2), regexp_replace(s, '[aeiou]', '*', 'g'), regexp_split_to_array(s, '\s') FROM texts WHERE id <> 17 ORDER BY id;

-- lengths in characters and bytes
SELECT id, length(s), strlen(s), length_grapheme(s), octet_length(b), bit_length(s) FROM texts ORDER BY id;

-- case of unicode
SELECT id, upper(s), lower(s), strip_accents(s), reverse(s) FROM texts WHERE id BETWEEN 5 AND 21 AND id <> 17 ORDER BY id;

-- collation nocase
SELECT s FROM texts WHERE s IS NOT NULL ORDER BY s COLLATE NOCASE, id;

-- collation noaccent
SELECT id FROM texts WHERE s COLLATE NOACCENT = 'apfel' ORDER BY id;

-- collation nocase and noaccent
SELECT id FROM texts WHERE s COLLATE NOCASE.NOACCENT = 'apfel' ORDER BY id;

-- collation of a language
SELECT id, s FROM texts WHERE lang IN ('de', 'sv') ORDER BY s COLLATE de, id;

-- binary order of texts
SELECT id, s FROM texts WHERE length(s) < 50 ORDER BY s, id;

-- string functions
SELECT substring('héllo', 2, 3), left('😀ab', 1), right('ab😀', 2), lpad('a', 3, '·'), repeat('ab', 3), replace('aXbX', 'X', ''), split_part('a,b,c', ',', -1), trim('  x '), translate('abc', 'ab', 'xy'), concat_ws('-', 'a', NULL, 'b'), format('{:05.2f}|{}', 3.14159, 'x'), printf('%d %s', 5, 'y'), chr(128512), ascii('😀'), unicode('ß'), starts_with('abc', 'ab'), contains('abc', 'd'), instr('abc', 'c'), levenshtein('kitten', 'sitting');

-- concatenation with null
SELECT 'a' || NULL, concat('a', NULL, 'b'), coalesce(NULL, NULL, 'c'), nullif('', ''), ifnull(NULL, 1);

-- hashes and encodings
SELECT md5('a'), sha256('a'), base64('abc'::BLOB), hex('abc'), unhex('616263'), to_base(255, 16), url_encode('a b&c');

-- blobs
SELECT id, b, octet_length(b), b = 'abc'::BLOB FROM texts ORDER BY id;

-- blob comparison
SELECT id FROM texts WHERE b > '\x10'::BLOB ORDER BY b, id;

-- uuids
SELECT id, u, u::VARCHAR FROM texts WHERE u IS NOT NULL ORDER BY u, id;

-- uuid filter
SELECT id FROM texts WHERE u = '00000000-0000-0000-0000-000000000000' ORDER BY id;

-- uuid range
SELECT id FROM texts WHERE u >= '7fffffff-ffff-ffff-8000-000000000000'::UUID ORDER BY id;

-- integer arithmetic
SELECT id, small + 1::BIGINT, -small::BIGINT, small % 3, small // 2, small / 2, abs(small::BIGINT), small & 3, abs(small::BIGINT) << 1 FROM numbers WHERE id IN (1, 2, 3, 4, 6, 8) AND abs(small::BIGINT) < 1000 ORDER BY ALL;

-- doubles
SELECT id, d, f, isnan(d), isinf(d), isfinite(f), signbit(d), d > 2, d = 'NaN'::DOUBLE FROM numbers ORDER BY id, d;

-- nan is greatest
SELECT id FROM numbers WHERE d > 2 ORDER BY ALL;

-- nan less or equal
SELECT id FROM numbers WHERE d <= 2 ORDER BY ALL;

-- nan not equal
SELECT id FROM numbers WHERE d <> 2.5 ORDER BY ALL;

-- between infinities
SELECT id FROM numbers WHERE d BETWEEN '-Infinity' AND 'Infinity' ORDER BY ALL;

-- negative zero
SELECT id, d, 1 / d FROM numbers WHERE d = 0 ORDER BY id;

-- decimals
SELECT id, price, price * 2, price / 3, round(price, 1), price::INTEGER, price + wide FROM numbers WHERE id IN (2, 6, 9, 10) ORDER BY ALL;

-- wide decimals
SELECT id, wide, wide - 0.5 FROM numbers WHERE abs(wide) < 100 ORDER BY ALL;

-- decimal filters
SELECT id FROM numbers WHERE price IN (0.5, 1.001, -0.5) AND wide <> 0.5 ORDER BY ALL;

-- decimal against double
SELECT id FROM numbers WHERE price = 2.5::DOUBLE OR price > 1e10 ORDER BY ALL;

-- extreme integers
SELECT id, big, big::HUGEINT * 2 FROM numbers WHERE big IN (9223372036854775807, -9223372036854775808) ORDER BY ALL;

-- rounding
SELECT round(2.5), round(-2.5), round(3.14159, 2), floor(-1.5), ceil(1.2), trunc(-1.7), round(12345, -2), even(3), sign(-3), gcd(12, 18), factorial(5), pow(2, 10), sqrt(2), ln(10), log2(8), cbrt(27), pi(), degrees(pi()), xor(5, 3), bit_count(7);

-- integer types
SELECT 1::TINYINT, 2::SMALLINT, 3::UTINYINT, 4::USMALLINT, 5::UINTEGER, 6::UBIGINT, 7::HUGEINT, 170141183460469231731687303715884105727::HUGEINT;

-- booleans and three valued logic
SELECT flag, NOT flag, flag AND NULL, flag OR NULL, flag IS TRUE, flag IS NOT FALSE, flag IS UNKNOWN, flag IS DISTINCT FROM true FROM numbers ORDER BY ALL;

-- casts
SELECT '12'::INTEGER, 1.7::INTEGER, true::INTEGER, 'yes'::BOOLEAN, 65::VARCHAR, '1e3'::DOUBLE, '0x1F'::INTEGER, 1::BIT, '{"a":1}'::JSON, 3.999::DECIMAL(3,1), 'a'::ENUM('a', 'b')::VARCHAR;

-- dates
SELECT id, d, year(d), month(d), dayofweek(d), isodow(d), week(d), yearweek(d), quarter(d), dayofyear(d), last_day(d), dayname(d), monthname(d) FROM times WHERE id NOT IN (3, 4) ORDER BY id;

-- extreme dates
SELECT id, d, ts FROM times WHERE d < DATE '1000-01-01' OR d > DATE '9000-01-01' ORDER BY id;

-- date arithmetic
SELECT id, d + 1, d - DATE '2020-01-01', d + INTERVAL 1 MONTH, d - INTERVAL '1 year 2 days', age(ts, TIMESTAMP '2000-01-01'), date_diff('day', d, DATE '2024-01-01'), datesub('month', d, DATE '2024-01-01') FROM times WHERE id NOT IN (3, 4) ORDER BY id;

-- date truncation and parts
SELECT id, date_trunc('week', ts), date_trunc('decade', d), date_part('epoch', ts), extract(millennium FROM d), date_part(['year', 'month'], d), time_bucket(INTERVAL 10 DAYS, d) FROM times WHERE id NOT IN (3, 4) ORDER BY id;

-- times
SELECT id, t, t + INTERVAL 30 MINUTES, hour(t), microsecond(t) FROM times ORDER BY id;

-- timestamps
SELECT id, ts, ts::DATE, ts::TIME, epoch_us(ts), strftime(ts, '%Y-%m-%d %H:%M:%S.%f') FROM times ORDER BY id;

-- parse and format
SELECT strptime('03.02.2024 05:06', '%d.%m.%Y %H:%M'), try_strptime('nope', '%d'), strftime(DATE '2024-02-29', '%a %j %U'), make_date(2024, 2, 29), make_timestamp(2024, 1, 2, 3, 4, 5.5), to_timestamp(0), epoch_ms(1700000000000);

-- intervals
SELECT INTERVAL 1 DAY, INTERVAL '2 months 3 days 04:05:06', INTERVAL (3) HOUR * 2, to_years(2), date_part('month', INTERVAL 14 MONTH), INTERVAL 1 MONTH > INTERVAL 29 DAYS;

-- zoned timestamps in utc
SELECT id, tz, epoch_us(tz), tz::VARCHAR FROM times ORDER BY id;

-- zoned timestamps at a zone
SELECT id, tz AT TIME ZONE 'Europe/Amsterdam', timezone('America/New_York', tz), ts AT TIME ZONE 'Asia/Tokyo' FROM times WHERE id NOT IN (3, 4) ORDER BY id;

-- zoned timestamps filtered
SELECT id FROM times WHERE tz >= TIMESTAMPTZ '2024-03-31 03:30:00+02' ORDER BY id;

-- zoned timestamps against text
SELECT id FROM times WHERE tz = '2024-10-27 00:30:00+00' OR tz < '1950-01-01' ORDER BY id;

-- date against timestamp
SELECT id FROM times WHERE ts = d OR ts::DATE > d ORDER BY id;

-- date filters on partitions
SELECT id FROM times WHERE d BETWEEN '2020-01-01' AND '2021-12-31' ORDER BY id;

-- date functions on a partition column
SELECT id FROM times WHERE year(d) = 2024 AND month(d) = 12 ORDER BY id;

-- pruning on months
SELECT count(*), min(placed), max(placed) FROM orders WHERE placed < TIMESTAMP '2023-02-15 12:00:00';

-- pruning on a date cast
SELECT id FROM orders WHERE placed::DATE = DATE '2023-06-01' ORDER BY id;

-- pruning on buckets
SELECT line, product FROM items WHERE order_id = 17 ORDER BY line;

-- pruning on several buckets
SELECT order_id, line FROM items WHERE order_id IN (3, 17, 999) ORDER BY ALL;

-- pruning on truncated texts
SELECT id FROM events WHERE kind = 'kind4' AND id < 2100 ORDER BY id;

-- pruning with starts with
SELECT count(*) FROM events WHERE kind LIKE 'kind1%' AND starts_with(kind, 'ki');

-- pruning that finds nothing
SELECT * FROM events WHERE moment < TIMESTAMP '2000-01-01' ORDER BY id;

-- pruning with or
SELECT id FROM events WHERE (id < 4 AND kind = 'kind1') OR (id > 2990 AND moment > TIMESTAMP '2024-01-09') ORDER BY id;

-- pruning with not
SELECT count(*) FROM events WHERE NOT (id < 2500) AND NOT kind IN ('kind0', 'kind1');

-- nan in a large table
SELECT count(*) FILTER (WHERE isnan(v)), count(v), count(*) FILTER (WHERE v > 0.5) FROM events;

-- filter on doubles with nan in files
SELECT count(*) FROM events WHERE v > 2;

-- case expressions
SELECT id, CASE status WHEN 'open' THEN 1 WHEN 'paid' THEN 2 ELSE 0 END, CASE WHEN total > 100 THEN 'big' WHEN total > 50 THEN 'mid' END, if(total > 1, 'a', 'b') FROM orders ORDER BY id;

-- greatest and least with nulls
SELECT greatest(1, NULL, 3), least('b', 'a', NULL), greatest(DATE '2020-01-01', DATE '2021-01-01');

-- generated in list
SELECT count(*) FROM orders WHERE id IN (SELECT * FROM range(0, 1000, 3));

-- between symmetric bounds
SELECT id FROM orders WHERE total BETWEEN 10 AND 20 AND id NOT BETWEEN 4 AND 5 ORDER BY id;

-- typeof
SELECT typeof(id), typeof(credit), typeof(joined), typeof(credit * id), typeof(NULL), typeof([id]), typeof({'a': name}) FROM customers LIMIT 1;

-- typeof of nested
SELECT typeof(tags), typeof(pos), typeof(attrs), typeof(parts), typeof(matrix) FROM nested LIMIT 1;

-- null ordering of mixed values
SELECT * FROM (VALUES (NULL, 1), ('a', NULL), (NULL, NULL), ('b', 2)) v(a, b) ORDER BY a DESC NULLS FIRST, b ASC NULLS LAST;

-- bits and bitstrings
SELECT '0101'::BIT, bit_count('0101'::BIT), bitstring('1', 4), '101'::BIT & '011'::BIT;

-- unicode escapes
SELECT E'tab\tnew\nline', 'it''s', $$dollar 'quoted'$$, 'combining é';

-- number literals
SELECT 1_000_000, 0xFF, 0b101, 1e-3, .5, 5., 1.50, 99999999999999999999, -0.0, 1e400::VARCHAR IS NULL;

-- regular expression options
SELECT regexp_matches('ABC', 'b', 'i'), regexp_extract_all('a1b22', '\d+'), regexp_full_match('abc', 'a.c'), 'abc' ~ 'a.c', regexp_escape('a.b');

-- sort key stability over many rows
SELECT id, kind FROM events ORDER BY kind, id LIMIT 20 OFFSET 500;

-- constant folding over a table
SELECT 1 + 1, 'x' FROM customers WHERE 1 = 1 AND id < 3;

-- all columns of an evolved table
SELECT * FROM evolved ORDER BY key;

-- filter on a renamed column
SELECT key, a FROM evolved WHERE a IN ('one', 'five') ORDER BY key;

-- filter on a promoted column
SELECT key FROM evolved WHERE key > 2147483647;

-- filter on a promoted decimal
SELECT key, d FROM evolved WHERE d > 1000000 OR d < 0 ORDER BY key;

-- dropped and added again column is empty in old files
SELECT key, b FROM evolved ORDER BY key;

-- filter on an added column
SELECT key FROM evolved WHERE late IS NULL ORDER BY key;

-- filter on a column dropped and added again
SELECT key FROM evolved WHERE b = 500 OR b = 600 OR b = 5 ORDER BY key;

-- filter on an evolved struct field
SELECT key FROM evolved WHERE s.x > 4 OR s.why = 'sy' OR s.extra = 55 ORDER BY key;

-- aggregate over evolved columns
SELECT count(*), count(late), sum(key), max(c), sum(d), count(b) FROM evolved;

-- join evolved with itself
SELECT x.key, y.key FROM evolved x JOIN evolved y ON x.b > y.b ORDER BY ALL;

-- table whose partitioning changed
SELECT kind, count(*), min(moment), max(id) FROM repartitioned GROUP BY kind ORDER BY kind;

-- filter over both partitionings
SELECT id FROM repartitioned WHERE kind = 'k1' AND moment >= TIMESTAMP '2024-05-10' AND id IN (4, 13, 16, 33, 37, 41) ORDER BY id;
