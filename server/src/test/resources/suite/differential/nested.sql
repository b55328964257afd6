-- struct fields
SELECT id, pos.x, pos.y, pos.label, pos['label'] FROM nested ORDER BY id;

-- struct extracted with functions
SELECT id, struct_extract(pos, 'x'), pos.* FROM nested ORDER BY id;

-- whole nested values
SELECT * FROM nested ORDER BY id;

-- list access
SELECT id, tags[1], tags[-1], tags[2:3], len(tags), tags[99] FROM nested ORDER BY id;

-- list functions
SELECT id, list_contains(tags, 'b'), list_distinct(tags), list_sort(tags), list_reverse(tags), array_to_string(tags, ',') FROM nested ORDER BY id;

-- list concat and slices
SELECT id, tags || ['x'], list_concat(tags, tags)[1:3], tags[:2] FROM nested ORDER BY id;

-- lambda transform
SELECT id, list_transform(tags, lambda x: upper(x)), list_filter(matrix[1], lambda v: v > 1) FROM nested ORDER BY id;

-- lambda with index
SELECT id, list_transform(tags, lambda x, i: i || ':' || coalesce(x, 'null')) FROM nested ORDER BY id;

-- lambda reduce
SELECT list_reduce([1, 2, 3, 4], lambda a, b: a * b), list_reduce(list_transform(matrix[1], lambda v: coalesce(v, 0)), lambda a, b: a + b, 0) FROM nested WHERE id IN (1, 4) ORDER BY id;

-- lambda that captures a column
SELECT id, list_filter(range(10), lambda x: x > id) FROM nested ORDER BY id;

-- list comprehension
SELECT id, [x || '!' FOR x IN tags IF x IS NOT NULL] FROM nested ORDER BY id;

-- map access
SELECT id, attrs['k'], map_keys(attrs), map_values(attrs), cardinality(attrs), element_at(attrs, 'm') FROM nested ORDER BY id;

-- map entries
SELECT id, map_entries(attrs), map_contains(attrs, 'k') FROM nested ORDER BY id;

-- unnest a list
SELECT id, unnest(tags) AS tag FROM nested ORDER BY ALL;

-- unnest two lists of different length
SELECT id, unnest(tags), unnest(matrix[1]) FROM nested ORDER BY ALL;

-- unnest structs
SELECT id, unnest(parts) FROM nested ORDER BY ALL;

-- unnest recursively
SELECT id, unnest(parts, recursive := true) FROM nested ORDER BY ALL;

-- unnest nested lists
SELECT unnest(matrix, max_depth := 2) AS v FROM nested ORDER BY ALL;

-- unnest a struct
SELECT id, unnest(pos) FROM nested ORDER BY id;

-- unnest with ordinality
SELECT n.id, t.v, t.nr FROM nested n, unnest(n.tags) WITH ORDINALITY AS t(v, nr) ORDER BY ALL;

-- field of a struct in a list
SELECT id, parts[1].sku, list_transform(parts, lambda p: p.qty) FROM nested ORDER BY id;

-- filter on a nested field
SELECT id FROM nested WHERE pos.x > 0 AND list_contains(tags, 'b') ORDER BY id;

-- filter on a map value
SELECT id FROM nested WHERE attrs['k'] = 4;

-- aggregate into nested values
SELECT list({'n': name, 's': salary} ORDER BY id) FROM employees;

-- aggregate into a map
SELECT map(list(name ORDER BY id), list(salary ORDER BY id)) FROM employees;

-- struct pack and comparisons
SELECT {'a': 1, 'b': 'x'} = {'a': 1, 'b': 'x'}, struct_pack(k := 1, v := [1, 2]), row(1, 'a') FROM range(1);

-- struct insert and update
SELECT id, struct_insert(pos, z := 9) FROM nested ORDER BY id;

-- list equality and order
SELECT id FROM nested ORDER BY tags NULLS FIRST, id;

-- order by struct
SELECT id FROM nested ORDER BY pos NULLS LAST, id;

-- list aggregates
SELECT id, list_sum(matrix[1]), list_avg(matrix[1]), list_min(matrix[3]), list_aggregate(tags, 'count') FROM nested ORDER BY id;

-- flatten
SELECT id, flatten(matrix) FROM nested ORDER BY id;

-- generated lists
SELECT range(5), generate_series(1, 10, 3), generate_series(DATE '2024-01-01', DATE '2024-01-03', INTERVAL 1 DAY);

-- fixed arrays
SELECT [1, 2, 3]::INTEGER[3] AS a, array_value(1.0, 2.0), array_distance([1, 2]::FLOAT[2], [4, 6]::FLOAT[2]);

-- json functions over text
SELECT json_extract('{"a":[1,2,{"b":null}]}', '$.a[2].b'), '{"x":"y"}'->>'x', json_array_length('[1,2,3]'), to_json({'a': 1, 'b': [1, NULL]});

-- json of a row
SELECT to_json(n)::VARCHAR FROM nested n WHERE id = 1;

-- row as a struct
SELECT c FROM customers c WHERE id = 1;

-- nested null handling
SELECT id, pos IS NULL, pos.x IS NULL, tags IS NULL, len(tags) IS NULL, parts[1] IS NULL FROM nested ORDER BY id;

-- cast between nested types
SELECT id, tags::VARCHAR, pos::VARCHAR, attrs::VARCHAR, ['1', '2']::INTEGER[] FROM nested ORDER BY id;

-- union types
SELECT union_value(num := 2)::VARCHAR, union_tag(union_value(txt := 'a'))::VARCHAR;

-- list zip and grades
SELECT list_zip([1, 2], ['a', 'b', 'c']), list_grade_up([3, 1, 2]), list_position(['a', 'b'], 'b');

-- evolved struct fields
SELECT key, s.x, s.why, s.extra FROM evolved ORDER BY key;

-- evolved struct as a whole
SELECT key, s FROM evolved WHERE s IS NOT NULL ORDER BY key;
