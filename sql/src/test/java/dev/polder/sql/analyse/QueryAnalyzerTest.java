package dev.polder.sql.analyse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.Duck;
import dev.polder.sql.parse.ParserLimits;
import dev.polder.sql.parse.StatementParser;
import dev.polder.sql.statement.DataStatement;
import dev.polder.sql.statement.SqlText;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueryAnalyzerTest {
  private Duck duck;
  private QueryAnalyzer analyzer;
  private final StatementParser parser = new StatementParser(ParserLimits.DEFAULT);

  @BeforeAll
  void open() {
    duck = new Duck();
    analyzer = new QueryAnalyzer(duck);
  }

  @AfterAll
  void close() {
    duck.close();
  }

  private Analysis analyze(String sql) {
    SqlText text = parser.parseOne(sql).text();
    Analysis analysis = analyzer.analyze(text);
    assertThat(new QueryAnalyzer(duck::parseSparse).analyze(text)).isEqualTo(analysis);
    return analysis;
  }

  private static List<String> tables(Analysis analysis) {
    return analysis.tables().stream().map(t -> t.name().toString()).sorted().toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT 1 |",
        "SELECT * FROM a, s.b, d.s.c | a d.s.c s.b",
        "SELECT (SELECT max(x) FROM a) FROM b WHERE EXISTS (SELECT 1 FROM c) | a b c",
        "SELECT 1 FROM a WHERE x IN (FROM b) AND y > ALL (SELECT z FROM c) | a b c",
        "SELECT 1 FROM a GROUP BY (SELECT 1 FROM b) HAVING (SELECT true FROM c) | a b c",
        "SELECT 1 FROM a QUALIFY row_number() OVER (ORDER BY (SELECT 1 FROM b)) = 1 | a b",
        "SELECT 1 FROM a ORDER BY (SELECT 1 FROM b) LIMIT (SELECT 1 FROM c) | a b c",
        "SELECT sum(x) FILTER (WHERE (SELECT true FROM b)) FROM a | a b",
        "SELECT string_agg(x ORDER BY (SELECT 1 FROM b)) FROM a | a b",
        "SELECT list_transform(l, x -> x + (SELECT 1 FROM b)) FROM a | a b",
        "SELECT CASE WHEN (SELECT true FROM b) THEN 1 ELSE (SELECT 2 FROM c) END FROM a | a b c",
        "SELECT 1 FROM a JOIN b ON (SELECT true FROM c), LATERAL (SELECT 1 FROM d) | a b c d",
        "FROM a POSITIONAL JOIN b ASOF JOIN c ON x >= y | a b c",
        "FROM a UNION FROM b EXCEPT FROM c | a b c",
        "VALUES ((SELECT 1 FROM a)) | a",
        "DESCRIBE a | a",
        "SUMMARIZE a | a",
        "DESCRIBE SELECT * FROM a | a",
        "FROM (DESCRIBE a) | a",
        "TABLE a | a",
        "FROM a PIVOT (sum(x) FOR y IN (1, 2)) | a",
        "UNPIVOT a ON b, c INTO NAME n VALUE v | a",
        "PIVOT a ON x USING sum(y) GROUP BY z | a",
        "PIVOT (SELECT * FROM a JOIN b USING (i)) ON x USING sum(y), max((SELECT 1 FROM c)) | a b c",
        "SELECT * FROM (PIVOT a ON x USING sum(y)) JOIN b ON true | a b",
        "WITH p AS (PIVOT a ON x USING sum(y)) SELECT * FROM p, b | a b",
        "WITH c AS (FROM a) PIVOT c ON x USING sum(y) | a",
        "WITH a AS (SELECT 1) FROM a |",
        "WITH A AS (SELECT 1) FROM \"a\" |",
        "WITH a AS (SELECT 1) FROM s.a | s.a",
        "WITH a AS (FROM a) FROM a | a",
        "WITH a AS (SELECT 1), b AS (FROM a) FROM b |",
        "WITH b AS (FROM a), a AS (SELECT 1) FROM b | a",
        "WITH a AS (SELECT 1) SELECT (SELECT 1 FROM a), b FROM (WITH b AS (FROM a) FROM b), b | b",
        "WITH RECURSIVE a AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM a, b) FROM a | b",
        "WITH RECURSIVE a(i) USING KEY (i) AS (SELECT 1 UNION SELECT i FROM recurring.a) FROM a |",
        "SELECT 1 FROM (WITH a AS (SELECT 1) FROM a), a | a",
        "FROM 'x.parquet' | \"x.parquet\"",
        "FROM range(3), unnest([1]) |",
        "SELECT 1 FROM generate_series(1, (SELECT 2 FROM a)) | a",
        "FROM t AT (VERSION => (SELECT 1 FROM u)) | t u",
        "SELECT [x FOR x IN (SELECT list(y) FROM a) IF x > (SELECT 1 FROM b)] | a b",
        "SELECT {'a': (SELECT 1 FROM a)}, MAP {1: (SELECT 1 FROM b)}, ARRAY (SELECT 1 FROM c) | a b c",
        "SELECT COLUMNS(c -> c = (SELECT 'x' FROM b)) FROM a | a b",
        "SELECT * REPLACE ((SELECT 1 FROM b) AS x) FROM a | a b",
        "SELECT 1 FROM a TABLESAMPLE 10% | a",
        "SELECT sum(x) OVER (PARTITION BY (SELECT 1 FROM b) ROWS (SELECT 1 FROM c) PRECEDING) FROM a | a b c",
      })
  void finds_every_table_and_no_common_table_expression(String sql, String expected) {
    List<String> names = expected == null ? List.of() : Arrays.asList(expected.split(" ", -1));
    assertThat(tables(analyze(sql))).isEqualTo(names);
  }

  @Test
  void locates_names_and_time_travel() {
    String sql = "SELECT 'é😀', * FROM \"s x\".t /* AT (1) */ AS z AT (VERSION => 3), u: q";
    Analysis analysis = analyze(sql);
    TableReference t = analysis.tables().get(0);
    assertThat(cut(sql, t.nameSpan().orElseThrow())).isEqualTo("\"s x\".t");
    assertThat(cut(sql, t.at().orElseThrow().span().orElseThrow())).isEqualTo("AT (VERSION => 3)");
    assertThat(t.at().orElseThrow().value()).isEqualTo(new AtValue.Constant("3"));
    assertThat(t.alias()).contains("z");
    TableReference q = analysis.tables().get(1);
    assertThat(cut(sql, q.nameSpan().orElseThrow())).isEqualTo("q");
    assertThat(q.alias()).contains("u");
  }

  private static String cut(String sql, Span span) {
    return sql.substring(span.start(), span.end());
  }

  @Test
  void locates_names_inside_a_pivot() {
    String sql = "SELECT * FROM (PIVOT s.a ON x USING sum(y) GROUP BY z) JOIN u.b ON true";
    Analysis analysis = analyze(sql);
    assertThat(analysis.tables().stream().map(t -> cut(sql, t.nameSpan().orElseThrow())))
        .containsExactlyInAnyOrder("s.a", "u.b");
    assertThat(analysis.tables().getFirst().columns()).isEqualTo(new ColumnUse.All());
  }

  @Test
  void names_functions_with_their_kind() {
    Analysis analysis =
        analyze(
            "SELECT Lower(a), s.f(b), a + 1, sum(x) OVER (), current_user, l.list_sum()"
                + " FROM range(3)");
    assertThat(analysis.functions().stream().map(f -> f.kind() + " " + f.schema() + " " + f.name()))
        .containsExactlyInAnyOrder(
            "SCALAR  lower",
            "SCALAR s f",
            "OPERATOR  +",
            "WINDOW  sum",
            "VALUE  current_user",
            "SCALAR l list_sum",
            "TABLE  range");
  }

  @Test
  void counts_parameters() {
    assertThat(analyze("SELECT ?, (SELECT ?)").parameters())
        .isEqualTo(new Parameters(List.of("1", "2"), false));
    assertThat(analyze("SELECT $2, $1, $1").parameters().count()).isEqualTo(2);
    assertThat(analyze("SELECT $a, $b").parameters().named()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT a, t.b FROM t WHERE c > 1 | a b c t",
        "SELECT count(*) FROM (SELECT a FROM t) | a",
        "WITH x AS (SELECT a FROM t) SELECT * FROM x | a",
        "SELECT * FROM t | ALL",
        "SELECT t FROM t | ALL",
        "SELECT x.* FROM t x | ALL",
        "SELECT COLUMNS('a') FROM t | ALL",
        "SELECT a FROM t AS x(a, b) | ALL",
        "SELECT a FROM (SELECT 1 AS a) q NATURAL JOIN t | ALL",
        "FROM t PIVOT (sum(x) FOR y IN (1, 2)) | ALL",
        "SELECT a FROM t JOIN (SELECT 1 AS k) q USING (k) | a k",
      })
  void says_which_columns_are_used(String sql, String expected) {
    ColumnUse use = analyze(sql).tables().getFirst().columns();
    String found =
        switch (use) {
          case ColumnUse.All all -> "ALL";
          case ColumnUse.Named named -> String.join(" ", named.names().stream().sorted().toList());
        };
    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "FROM t WHERE a > 1 AND 5 > b | 0 a GREATER 1; 0 b LESS 5",
        "FROM t WHERE a = DATE '2020-01-01' AND b = '1'::INT | 0 a EQUAL DATE '2020-01-01'; 0 b EQUAL '1'::INT",
        "FROM t WHERE a = -5 AND b = CAST('x' AS VARCHAR) | 0 a EQUAL -5; 0 b EQUAL CAST('x' AS VARCHAR)",
        "FROM t WHERE a = ? AND b IN (1, $2) | 0 a EQUAL $1; 0 b IN 1,$2",
        "FROM t x WHERE x.a BETWEEN 1 AND 2 AND x.s.f = 3 | 0 a BETWEEN 1,2; 0 s.f EQUAL 3",
        "FROM t WHERE a IS NULL AND b IS NOT NULL | 0 a NULL; 0 b NOTNULL",
        "FROM t WHERE a LIKE 'ab%c' AND b LIKE '%x' AND starts_with(c, 'q') | 0 a STARTS ab; 0 c STARTS q",
        "FROM t WHERE a = 1 OR b = 2 |",
        "FROM t WHERE NOT a = 1 |",
        "FROM t WHERE a + 1 = 2 AND a = b AND a = NULL |",
        "FROM t, u WHERE a = 1 AND u.b = 2 AND t.c = 3 | 1 b EQUAL 2; 0 c EQUAL 3",
        "FROM t LEFT JOIN u ON t.i = u.i AND u.z = 1 WHERE t.a = 1 AND u.b = 2 | 0 a EQUAL 1",
        "FROM t RIGHT JOIN u ON true WHERE t.a = 1 AND u.b = 2 | 1 b EQUAL 2",
        "FROM t FULL JOIN u ON true WHERE t.a = 1 AND u.b = 2 |",
        "FROM t SEMI JOIN u ON t.i = u.i WHERE t.a = 1 | 0 a EQUAL 1",
        "FROM t POSITIONAL JOIN u WHERE t.a = 1 |",
        "FROM t ASOF JOIN u ON t.x >= u.x WHERE t.a = 1 |",
        "FROM t JOIN u ON t.i = u.i AND t.a = 1 | 0 a EQUAL 1",
        "FROM t LEFT JOIN (u JOIN v ON v.a = 1) ON true WHERE t.b = 1 | 0 b EQUAL 1",
        "FROM t, t WHERE t.a = 1 |",
        "FROM t AS x(b, a) WHERE x.a = 1 |",
        "FROM t TABLESAMPLE 10% WHERE a = 1 |",
        "FROM t WHERE a = 1 USING SAMPLE 5 |",
        "SELECT a FROM t GROUP BY a HAVING a = 1 |",
        "SELECT 1 FROM (SELECT a FROM t) q WHERE q.a = 1 |",
        "SELECT 1 FROM u WHERE EXISTS (SELECT 1 FROM t WHERE t.a = 1 AND u.b = 2) | 1 a EQUAL 1; 1 u.b EQUAL 2",
      })
  void finds_conditions_that_bound_a_column(String sql, String expected) {
    Analysis analysis = analyze(sql);
    String found =
        String.join(
            "; ",
            analysis.conjuncts().stream()
                .map(c -> c.table() + " " + String.join(".", c.column()) + " " + show(sql, c))
                .toList());
    assertThat(found).isEqualTo(expected == null ? "" : expected);
  }

  private static String show(String sql, PruneConjunct conjunct) {
    return switch (conjunct.condition()) {
      case PruneConjunct.Condition.Comparison c -> c.operator() + " " + operand(sql, c.operand());
      case PruneConjunct.Condition.In in ->
          "IN " + String.join(",", in.operands().stream().map(o -> operand(sql, o)).toList());
      case PruneConjunct.Condition.Between b ->
          "BETWEEN " + operand(sql, b.low()) + "," + operand(sql, b.high());
      case PruneConjunct.Condition.IsNull n -> "NULL";
      case PruneConjunct.Condition.IsNotNull n -> "NOTNULL";
      case PruneConjunct.Condition.StartsWith s -> "STARTS " + s.prefix();
    };
  }

  private static String operand(String sql, PruneConjunct.Operand operand) {
    return switch (operand) {
      case PruneConjunct.Operand.Literal literal -> cut(sql, literal.span());
      case PruneConjunct.Operand.Parameter parameter -> "$" + parameter.name();
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FROM (SHOW TABLES)",
        "FROM (SHOW ALL TABLES)",
        "FROM (SHOW t)",
        "WITH x AS (INSERT INTO t VALUES (1) RETURNING *) FROM x",
        "WITH x AS (DELETE FROM t RETURNING *) FROM x",
        "WITH x AS (UPDATE t SET a = 1 RETURNING *) FROM x",
      })
  void refuses_what_it_does_not_know(String sql) {
    PolderException e =
        catchThrowableOfType(PolderException.class, () -> analyzer.analyze(SqlText.of(sql)));
    assertThat(e).as(sql).isNotNull();
    assertThat(e.code()).isEqualTo(ErrorCode.NOT_SUPPORTED);
  }

  /** Each object of a tree in turn is given a field that nobody knows. */
  @Test
  void refuses_a_tree_with_an_unknown_field_anywhere() {
    String sql =
        "WITH c AS (SELECT 1) SELECT a, sum(b) OVER (ORDER BY d), [x FOR x IN e], $1 FROM t AS u"
            + " JOIN c USING (a), range(3) WHERE a IN (1, 2) AND EXISTS (FROM t) GROUP BY ALL LIMIT 1";
    int objects = mark(duck.parse(sql), -1);
    assertThat(objects).isGreaterThan(40);
    for (int i = 0; i < objects; i++) {
      int target = i;
      QueryAnalyzer marked =
          new QueryAnalyzer(select -> {
            JsonNode tree = duck.parse(select);
            mark(tree.path("statements").get(0), target);
            return tree;
          });
      PolderException e =
          catchThrowableOfType(PolderException.class, () -> marked.analyze(SqlText.of(sql)));
      if (e == null) {
        assertThat(target)
            .as("only the last two objects lie outside")
            .isGreaterThanOrEqualTo(objects - 2);
      } else {
        assertThat(e.code()).isEqualTo(ErrorCode.NOT_SUPPORTED);
      }
    }
  }

  /** Counts the objects and marks the one with this number. */
  private static int mark(JsonNode tree, int target) {
    int count = 0;
    Deque<JsonNode> open = new ArrayDeque<>(List.of(tree));
    while (!open.isEmpty()) {
      JsonNode node = open.poll();
      node.forEach(open::add);
      if (node instanceof ObjectNode object && count++ == target) {
        object.put("unheard_of", 1);
      }
    }
    return count;
  }

  @Test
  void says_where_the_syntax_is_wrong_in_the_users_text() {
    String sql = "SELECT 'é😀' FROM t AS OF SYSTEM TIME 5 x WHERE a = = 1";
    SqlText text = parser.parseOne(sql).text();
    PolderException e = catchThrowableOfType(PolderException.class, () -> analyzer.analyze(text));
    assertThat(e.code()).isEqualTo(ErrorCode.SYNTAX_ERROR);
    assertThat(sql.substring(e.position().orElseThrow())).startsWith("= 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "INSERT INTO t SELECT * FROM a RETURNING (SELECT 1 FROM b) | a b t",
        "WITH c AS (FROM a) INSERT INTO t FROM c | a",
        "UPDATE t SET x = (SELECT 1 FROM a) FROM b WHERE (SELECT true FROM c) RETURNING (SELECT 1 FROM d) | a b c d t t",
        "DELETE FROM t USING a WHERE x IN (FROM b) RETURNING * | a b t t",
        "MERGE INTO t USING (FROM a) s ON t.i = s.i AND (SELECT true FROM b) WHEN MATCHED AND (SELECT true FROM c) THEN UPDATE SET x = (SELECT 1 FROM d), y = DEFAULT WHEN NOT MATCHED THEN INSERT VALUES ((SELECT 1 FROM e)) RETURNING merge_action | a b c d e t",
        "COPY t (a) TO 'f' | t",
        "COPY (SELECT * FROM a) TO 'f' | a",
      })
  void finds_what_data_statements_read(String sql, String expected) {
    DataStatement statement = (DataStatement) parser.parseOne(sql);
    List<String> found =
        DataReads.of(statement).stream()
            .flatMap(read -> tables(analyzer.analyze(read)).stream())
            .sorted()
            .toList();
    assertThat(found).isEqualTo(Arrays.asList(expected.split(" ", -1)));
  }
}
