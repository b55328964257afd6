package dev.polder.engine.attack;

import java.util.List;
import java.util.function.IntFunction;

/** The forms of text that nest or repeat, each for any depth. Immutable. */
final class Shapes {
  /** A form that grows with {@code depth}; what it makes is an expression, a query and so on. */
  record Shape(String name, IntFunction<String> text) {}

  /** What stands around: {@code %s} is the place of the shape. */
  private static final String HOLE = "%s";

  static final List<Shape> EXPRESSIONS =
      List.of(
          around("brackets", "(", "1", ")"),
          around("case", "CASE WHEN true THEN ", "1", " ELSE 2 END"),
          around("case operand", "CASE ", "x", " WHEN 1 THEN 2 END"),
          around("case else", "CASE WHEN x = 1 THEN 1 ELSE ", "1", " END"),
          around("list", "[", "1", "]"),
          around("unclosed list", "[", "1", ""),
          around("struct", "{'a': ", "1", "}"),
          around("map", "MAP {1: ", "1", "}"),
          around("row", "ROW(", "1", ")"),
          around("function", "abs(", "1", ")"),
          around("aggregate", "max(", "x", ")"),
          around("coalesce", "coalesce(NULL, ", "1", ")"),
          around("lambda in list", "list_transform([1], a -> ", "[1]", "[1])"),
          around("python lambda", "list_transform([1], lambda a: ", "a", ")"),
          around("bare lambda", "lambda a: ", "a", ""),
          around("arrow", "a -> ", "a", ""),
          around("comprehension", "[a for a in ", "[1]", "]"),
          around("cast", "CAST(", "1", " AS INTEGER)"),
          around("try cast", "TRY_CAST(", "1", " AS VARCHAR)"),
          around("extract", "extract(year FROM ", "DATE '2020-01-01'", ")"),
          around("not", "NOT ", "true", ""),
          around("minus", "- ", "1", ""),
          around("plus and minus", "+ - ", "1", ""),
          around("tilde", "~ ", "1", ""),
          around("at signs", "@ ", "1", ""),
          around("factorial", "", "1", " !"),
          around("interval", "INTERVAL (", "1", ") DAY"),
          around("bare interval", "INTERVAL ", "1", " DAY"),
          around("scalar subquery", "(SELECT ", "1", ")"),
          around("exists", "EXISTS (SELECT 1 WHERE ", "true", ")"),
          around("in subquery", "1 IN (SELECT ", "1", ")"),
          around("any", "1 = ANY (SELECT ", "1", ")"),
          around("array subquery", "ARRAY(SELECT ", "1", ")"),
          around("window", "sum(", "1", ") OVER ()"),
          around("filter", "count(*) FILTER (WHERE 1 = ", "1", ")"),
          around("columns", "COLUMNS(", "*", ")"),
          around("unpack", "*COLUMNS(", "*", ")"),
          around("try", "TRY(", "1", ")"),
          around("collate", "", "'a'", " COLLATE nocase"),
          around("is null", "", "x", " IS NULL"),
          around("isnull", "", "x", " ISNULL"),
          around("casts", "", "1", "::INTEGER"),
          around("subscripts", "", "[1]", "[1]"),
          around("slices", "", "[1]", "[1:2]"),
          around("methods", "", "'a'", ".upper()"),
          around("fields", "", "mine", ".x"),
          around("time zones", "", "TIMESTAMP '2020-01-01'", " AT TIME ZONE 'UTC'"),
          around("strings", "", "'a'", " 'b'"),
          around("star replace", "", "*", " REPLACE (x AS x)"),
          chain("and", "true", " AND "),
          chain("or", "x = 1", " OR "),
          chain("and or", "x = 1 AND y = 'a'", " OR "),
          chain("concat", "y", " || "),
          chain("plus", "1", " + "),
          chain("times", "x", " * "),
          chain("power", "1", " ** "),
          chain("arrows", "'{}'", " -> "),
          chain("plus set", "1 + set", " + "),
          chain("plus values", "1 + values", " + "),
          chain("plus at", "1 + at", " + "),
          chain("equals", "1", " = "),
          chain("distinct from", "x", " IS DISTINCT FROM "),
          chain("between", "1", " BETWEEN 1 AND "),
          chain("like", "y", " LIKE "),
          chain("in list", "1", ", "),
          chain("in in", "1", " IN "),
          chain("case when", "CASE WHEN 1 = 1 THEN 1 END", " + "),
          new Shape("long in", n -> "x IN (" + "1, ".repeat(n) + "1)"),
          new Shape("long list", n -> "[" + "1, ".repeat(n) + "1]"),
          new Shape("long struct", n -> "{" + fields(n, "'a%d': 1") + "}"),
          new Shape("long case", n -> "CASE x" + " WHEN 1 THEN 1".repeat(n) + " END"),
          new Shape("arguments", n -> "greatest(" + "1, ".repeat(n) + "1)"),
          new Shape("parameters", n -> "?, ".repeat(n) + "?"),
          new Shape("numbered parameters", n -> fields(n, "$%d")),
          new Shape("long number", n -> "9".repeat(n)),
          new Shape("long exponent", n -> "1e" + "9".repeat(n)),
          new Shape("long name", n -> "a".repeat(n)),
          new Shape("long quoted name", n -> "\"" + "\"\"".repeat(n) + "\""),
          new Shape("long string", n -> "'" + "''".repeat(n) + "'"),
          new Shape("long escape", n -> "E'" + "\\x41".repeat(n) + "'"),
          new Shape("long dollar string", n -> "$a$" + "$".repeat(n) + "$a$"),
          new Shape("long regular expression", n -> "regexp_matches('a', '" + "(".repeat(n) + "')"),
          new Shape("nested regular expression", n -> "'a' ~ '" + nest("(", "a", ")*", n) + "'"),
          new Shape("nested json", n -> "'" + nest("[", "1", "]", n) + "'::JSON"),
          new Shape("nested list text", n -> "'" + nest("[", "1", "]", n) + "'::INTEGER[]"),
          new Shape("like percent", n -> "'aaaa' LIKE '" + "%a".repeat(n) + "b'"));

  static final List<Shape> QUERIES =
      List.of(
          around("bracketed", "(", "SELECT 1", ")"),
          around("from subquery", "SELECT * FROM (", "SELECT 1", ")"),
          around("from aliased", "SELECT * FROM (", "SELECT 1 AS c", ") AS t(c)"),
          around("from first", "FROM (", "FROM mine", ")"),
          around("lateral", "SELECT * FROM mine, LATERAL (", "SELECT 1", ")"),
          around("where in", "SELECT 1 WHERE 1 IN (", "SELECT 1", ")"),
          around("where exists", "SELECT 1 FROM mine AS m WHERE EXISTS (", "SELECT 1", ")"),
          around("having", "SELECT 1 HAVING 1 = (", "SELECT 1", ")"),
          around("order by", "SELECT 1 ORDER BY (", "SELECT 1", ")"),
          around("limit", "SELECT 1 LIMIT (", "SELECT 1", ")"),
          around("offset", "SELECT 1 OFFSET (", "SELECT 1", ")"),
          around("qualify", "SELECT 1 QUALIFY 1 = (", "SELECT 1", ")"),
          around("with", "WITH a AS (", "SELECT 1", ") SELECT * FROM a"),
          around("with materialized", "WITH a AS MATERIALIZED (", "SELECT 1", ") FROM a"),
          around("recursive", "WITH RECURSIVE a AS (", "SELECT 1", ") SELECT * FROM a"),
          around("join brackets", "FROM (mine NATURAL JOIN ", "mine", ")"),
          around("left join", "FROM mine LEFT JOIN (", "mine", " JOIN mine USING (x)) USING (x)"),
          around("described", "DESCRIBE ", "SELECT 1", ""),
          around("summarized", "SUMMARIZE ", "SELECT 1", ""),
          around("described in from", "FROM (DESCRIBE ", "SELECT 1", ")"),
          around("pivots", "FROM (PIVOT (", "FROM mine", ") ON y USING sum(x))"),
          around("pivots in a row", "FROM mine", "", " PIVOT (sum(x) FOR y IN ('a'))"),
          around("unpivots in a row", "", "FROM mine", " UNPIVOT (v FOR n IN (x))"),
          around("pivot statement", "PIVOT (", "SELECT 1 AS x, 'a' AS y", ") ON y USING sum(x)"),
          around("unpivot statement", "UNPIVOT (", "SELECT 1 AS x", ") ON x INTO NAME n VALUE v"),
          around("unions in brackets", "(", "SELECT 1", " UNION SELECT 1)"),
          around("values", "VALUES ((", "VALUES (1)", "))"),
          around("window in window", "SELECT sum(x) OVER (ORDER BY (", "SELECT 1", ")) FROM mine"),
          chain("unions", "SELECT 1", " UNION ALL "),
          chain("excepts", "SELECT x FROM mine", " EXCEPT "),
          chain("intersects", "SELECT x FROM mine", " INTERSECT "),
          chain("unions by name", "SELECT x FROM mine", " UNION BY NAME "),
          chain("froms", "FROM mine", " "),
          chain("statements", "SELECT 1", "; "),
          new Shape("commas", n -> "SELECT 1 FROM mine" + ", mine".repeat(n)),
          new Shape("joins", n -> "SELECT 1 FROM mine" + " NATURAL JOIN mine".repeat(n)),
          new Shape("cross joins", n -> "SELECT 1 FROM mine" + " CROSS JOIN mine".repeat(n)),
          new Shape("positional", n -> "SELECT 1 FROM mine" + " POSITIONAL JOIN mine".repeat(n)),
          new Shape("asof", n -> "FROM mine" + " ASOF JOIN mine ON a.x >= b.x".repeat(n)),
          new Shape("samples", n -> "FROM mine" + " TABLESAMPLE 10%".repeat(n)),
          new Shape("aliases", n -> "FROM mine" + " AS a".repeat(n)),
          new Shape("series", n -> "SELECT 1" + fields(n, ", LATERAL (SELECT %d) t%<d")),
          new Shape("ctes", n -> "WITH " + fields(n, "a%d AS (SELECT 1)") + " SELECT 1"),
          new Shape("views of ctes", Shapes::doublingCtes),
          new Shape("columns", n -> "SELECT " + fields(n, "%d AS c%<d")),
          new Shape("same columns", n -> "SELECT " + "x, ".repeat(n) + "x FROM mine"),
          new Shape("stars", n -> "SELECT " + "*, ".repeat(n) + "* FROM mine"),
          new Shape("group by", n -> "SELECT 1 FROM mine GROUP BY " + "x, ".repeat(n) + "x"),
          new Shape("cube", n -> "SELECT 1 FROM mine GROUP BY CUBE (" + fields(n, "x + %d") + ")"),
          new Shape("cubes", n -> "SELECT 1 FROM mine GROUP BY " + "CUBE (x, y), ".repeat(n) + "x"),
          new Shape(
              "grouping sets",
              n -> "SELECT 1 FROM mine GROUP BY GROUPING SETS (" + "(x), ".repeat(n) + "())"),
          new Shape(
              "nested grouping sets",
              n -> "FROM mine GROUP BY " + nest("GROUPING SETS (", "(x)", ")", n)),
          new Shape("order keys", n -> "FROM mine ORDER BY " + "x, ".repeat(n) + "x"),
          new Shape(
              "windows", n -> "SELECT 1 FROM mine WINDOW " + fields(n, "w%d AS (ORDER BY x)")),
          new Shape(
              "window of window",
              n -> "SELECT 1 FROM mine WINDOW w0 AS ()" + fields(n, ", w%d AS (w0)")),
          new Shape("rows", n -> "VALUES " + "(1), ".repeat(n) + "(1)"),
          new Shape("series rows", n -> "FROM range(" + n + "000000000) a, range(1000) b"),
          new Shape("unnest", n -> "SELECT " + nest("unnest(", "[1]", ")", n)),
          new Shape("pivot columns", n -> "PIVOT mine ON x IN (" + fields(n, "%d") + ")"));

  static final List<Shape> TYPES =
      List.of(
          around("lists", "", "INTEGER", "[]"),
          around("arrays", "", "INTEGER", "[3]"),
          around("array words", "", "INTEGER", " ARRAY"),
          around("structs", "STRUCT(a ", "INTEGER", ")"),
          around("maps", "MAP(INTEGER, ", "INTEGER", ")"),
          around("unions", "UNION(a ", "INTEGER", ")"),
          around("numbers", "DECIMAL(", "1", ")"),
          new Shape("wide struct", n -> "STRUCT(" + fields(n, "c%d INTEGER") + ")"),
          new Shape("enum", n -> "ENUM (" + fields(n, "'v%d'") + ")"));

  static final List<Shape> STATEMENTS =
      List.of(
          around("explain", "EXPLAIN ", "SELECT 1", ""),
          around("explain analyze", "EXPLAIN ANALYZE ", "SELECT 1", ""),
          around("explain with", "EXPLAIN (FORMAT json) ", "SELECT 1", ""),
          around("prepare", "PREPARE a AS ", "SELECT 1", ""),
          around("open comment", "/* ", "", ""),
          around("comments in comments", "/* ", "", " */ "),
          around("line comments", "-- a\n", "SELECT 1", ""),
          around("semicolons", ";", "SELECT 1", ""),
          around("open brackets", "(", "", ""),
          around("closing brackets", ")", "", ""),
          around("mixed brackets", "([{", "1", ")]}"),
          around("crossed brackets", "([", "1", ")]"),
          around("cases", "CASE ", "", ""),
          around("ends", "END ", "", ""),
          around("quotes", "'", "", ""),
          around("double quotes", "\"", "", ""),
          around("dollars", "$", "", ""),
          around("dollar quotes", "$a$", "", ""),
          around("escapes", "E'\\", "", ""),
          around("dots", "SELECT a.", "b", ""),
          around("blanks", " \t\n\u00A0\u3000", "SELECT 1", ""),
          around("begins", "BEGIN; ", "", ""),
          new Shape("names", n -> "SELECT * FROM " + "a.".repeat(n) + "mine"),
          new Shape("use", n -> "USE " + "a.".repeat(n) + "b"),
          new Shape("set", n -> "SET statement_timeout = '" + "9".repeat(n) + "'"),
          new Shape("columns", n -> "CREATE TABLE own.n (" + fields(n, "c%d INT") + ")"),
          new Shape(
              "buckets",
              n ->
                  "CREATE TABLE own.p (x INT) PARTITIONED BY ("
                      + "bucket(16, x), ".repeat(n)
                      + "x)"),
          new Shape(
              "properties",
              n -> "CREATE TABLE own.q (x INT) WITH (" + fields(n, "'k%d' = 'v'") + ")"),
          new Shape("long property", n -> "CREATE TABLE q WITH ('a" + "b".repeat(n) + "' = 1)"),
          new Shape("rows", n -> "INSERT INTO mine VALUES " + "(1, 'a'), ".repeat(n) + "(1, 'a')"),
          new Shape(
              "wide row", n -> "INSERT INTO mine VALUES (" + "1, ".repeat(n) + "1) RETURNING *"),
          new Shape("targets", n -> "INSERT INTO mine (" + "x, ".repeat(n) + "x) VALUES (1)"),
          new Shape("assignments", n -> "UPDATE mine SET " + "x = 1, ".repeat(n) + "x = 1"),
          new Shape(
              "update from", n -> "UPDATE mine SET x = 1 FROM mine AS m" + ", mine".repeat(n)),
          new Shape("using", n -> "DELETE FROM mine USING " + "mine, ".repeat(n) + "mine"),
          new Shape(
              "merge clauses",
              n ->
                  "MERGE INTO mine AS t USING (SELECT 1 AS x) AS s ON t.x = s.x"
                      + " WHEN MATCHED AND s.x = 2 THEN UPDATE SET y = 'z'".repeat(n)),
          new Shape(
              "merge actions",
              n ->
                  "MERGE INTO mine USING mine AS s ON mine.x = s.x WHEN NOT MATCHED THEN INSERT VALUES ("
                      + nest("(", "1", ")", n)
                      + ")"),
          new Shape("copy options", n -> "COPY mine TO 'f.csv' (" + "header, ".repeat(n) + "h)"),
          new Shape("copy path", n -> "COPY mine TO '" + "../".repeat(n) + "f.csv'"),
          new Shape("copy name", n -> "COPY mine FROM '" + "f".repeat(n) + ".csv'"),
          new Shape(
              "privileges", n -> "GRANT " + "SELECT, ".repeat(n) + "SELECT ON mine TO USER a"),
          new Shape(
              "granted columns",
              n -> "GRANT SELECT (" + "x, ".repeat(n) + "x) ON mine TO USER ann"),
          new Shape("grant name", n -> "GRANT SELECT ON " + "a.".repeat(n) + "b TO USER ann"),
          new Shape("user name", n -> "CREATE USER " + "u".repeat(n) + " PASSWORD 'a long one'"),
          new Shape("password", n -> "CREATE USER pw PASSWORD '" + "p".repeat(n) + "'"),
          new Shape("options", n -> "CREATE DATABASE o WITH (" + fields(n, "k%d = 1") + ")"),
          new Shape("option name", n -> "CREATE DATABASE o WITH (" + "a.".repeat(n) + "b = 1)"),
          new Shape("role", n -> "CREATE ROLE " + "r".repeat(n)),
          new Shape("schema", n -> "CREATE SCHEMA \"" + "\uD83D\uDE00".repeat(n) + "\""),
          new Shape("token", n -> "CREATE TOKEN t EXPIRES IN '" + "9".repeat(n) + " days'"),
          new Shape("audit", n -> "SHOW AUDIT LIMIT " + "9".repeat(n)),
          new Shape("kill", n -> "KILL SESSION '" + "f".repeat(n) + "'"),
          new Shape("version", n -> "SELECT * FROM mine AT (VERSION => " + "9".repeat(n) + ")"),
          new Shape("system time", n -> "FROM mine AS OF SYSTEM TIME " + "9".repeat(n)),
          new Shape("alter", n -> "ALTER TABLE mine ADD COLUMN " + "z".repeat(n) + " INT"),
          new Shape("show", n -> "SHOW TABLES LIKE '" + "%_".repeat(n) + "'"));

  /** Where an expression can stand. */
  static final List<String> EXPRESSION_PLACES =
      List.of(
          "SELECT %s",
          "SELECT %s FROM mine",
          "SELECT 1 FROM mine WHERE %s",
          "SELECT count(*) FROM mine GROUP BY %s",
          "SELECT 1 FROM mine GROUP BY x HAVING %s",
          "SELECT 1 FROM mine ORDER BY %s",
          "SELECT 1 LIMIT %s",
          "SELECT 1 OFFSET %s",
          "SELECT x FROM mine QUALIFY %s",
          "SELECT 1 FROM mine AS a JOIN mine AS b ON %s",
          "SELECT sum(x) OVER (PARTITION BY %s) FROM mine",
          "SELECT sum(x) OVER (ORDER BY x ROWS %s PRECEDING) FROM mine",
          "SELECT * REPLACE (%s AS x) FROM mine",
          "SELECT * FROM range(%s)",
          "SELECT DISTINCT ON (%s) x FROM mine",
          "VALUES (%s)",
          "FROM mine AT (VERSION => %s)",
          "PIVOT mine ON %s USING count(*)",
          "PIVOT mine ON y USING sum(%s)",
          "PIVOT mine ON y IN (%s) USING sum(x)",
          "UNPIVOT mine ON %s",
          "INSERT INTO mine VALUES (1, %s)",
          "INSERT INTO mine SELECT 1, 'a' WHERE %s",
          "INSERT INTO mine VALUES (1, 'a') RETURNING %s",
          "UPDATE mine SET x = %s",
          "UPDATE mine SET x = 1 WHERE %s",
          "UPDATE mine SET x = 1 FROM mine AS m WHERE %s",
          "DELETE FROM mine WHERE %s",
          "DELETE FROM mine USING mine AS m WHERE %s",
          "MERGE INTO mine AS t USING mine AS s ON %s WHEN MATCHED THEN DELETE",
          "MERGE INTO mine AS t USING mine AS s ON t.x = s.x WHEN MATCHED AND %s THEN DELETE",
          "MERGE INTO mine AS t USING mine AS s ON t.x = s.x WHEN MATCHED THEN UPDATE SET x = %s",
          "COPY (SELECT %s) TO 'f.csv'",
          "CREATE VIEW own.v AS SELECT %s AS c",
          "CREATE TABLE own.c AS SELECT %s AS c",
          "CREATE TABLE own.d (x INT DEFAULT %s)",
          "CREATE ROW FILTER f ON own.o FOR ROLE r USING (%s)",
          "CREATE COLUMN MASK m ON own.o (x) FOR ROLE r USING (%s)",
          "SET statement_timeout = %s",
          "EXPLAIN SELECT %s",
          "EXECUTE a(%s)",
          "CALL pragma_version(%s)");

  static final List<String> QUERY_PLACES =
      List.of(
          HOLE,
          "SELECT * FROM (%s)",
          "SELECT (%s)",
          "WITH a AS (%s) SELECT * FROM a",
          "EXPLAIN %s",
          "EXPLAIN ANALYZE %s",
          "DESCRIBE %s",
          "CREATE VIEW own.v AS %s",
          "CREATE TABLE own.c AS %s",
          "INSERT INTO mine %s",
          "INSERT INTO mine BY NAME %s",
          "UPDATE mine SET x = (%s)",
          "DELETE FROM mine WHERE x IN (%s)",
          "DELETE FROM mine USING (%s) AS q WHERE true",
          "MERGE INTO mine AS t USING (%s) AS s ON true WHEN NOT MATCHED THEN INSERT VALUES (1, 'a')",
          "COPY (%s) TO 'f.parquet'",
          "PIVOT (%s) ON y USING count(*)",
          "UNPIVOT (%s) ON x");

  static final List<String> TYPE_PLACES =
      List.of(
          "SELECT NULL::%s",
          "SELECT CAST(NULL AS %s)",
          "SELECT TRY_CAST('[]' AS %s) FROM mine",
          "CREATE TABLE own.t (x %s)",
          "ALTER TABLE own.o ADD COLUMN n %s",
          "ALTER TABLE own.o ALTER COLUMN x TYPE %s");

  private Shapes() {}

  private static Shape around(String name, String before, String inner, String after) {
    return new Shape(name, depth -> nest(before, inner, after, depth));
  }

  private static Shape chain(String name, String part, String operator) {
    return new Shape(name, depth -> (part + operator).repeat(depth) + part);
  }

  private static String nest(String before, String inner, String after, int depth) {
    return before.repeat(depth) + inner + after.repeat(depth);
  }

  private static String fields(int count, String format) {
    StringBuilder text = new StringBuilder();
    String separator = format.startsWith(",") ? "" : ", ";
    for (int i = 1; i <= Math.max(count, 1); i++) {
      text.append(i == 1 ? "" : separator).append(format.formatted(i));
    }
    return text.toString();
  }

  /** Each reads the one before twice. */
  private static String doublingCtes(int count) {
    StringBuilder text = new StringBuilder("WITH a0 AS (SELECT 1 AS x)");
    for (int i = 1; i <= count; i++) {
      text.append(", a%d AS (SELECT * FROM a%d UNION ALL SELECT * FROM a%<d)".formatted(i, i - 1));
    }
    return text.append(" SELECT count(*) FROM a").append(count).toString();
  }
}
