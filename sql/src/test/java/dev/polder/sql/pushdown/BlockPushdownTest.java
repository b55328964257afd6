package dev.polder.sql.pushdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.sql.bind.ParameterValues;
import dev.polder.sql.pushdown.BlockPlan.Level;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.SourceDialect;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BlockPushdownTest {
  private static final Set<String> SHOP = Set.of("item", "part", "near");
  private static final Set<String> TPCH =
      Set.of("region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem");

  /** Everything but averages, as systems have them whose averages are decimals. */
  private static final SourceDialect NO_AVERAGE =
      new TestDialect(
          expression ->
              !(expression instanceof RemoteExpression.Aggregate aggregate
                  && aggregate.function() == RemoteExpression.AggregateFunction.AVG),
          true);

  private static final SourceDialect NO_AGGREGATES =
      new TestDialect(expression -> !(expression instanceof RemoteExpression.Aggregate), true);

  private static final Pattern LONG_FRACTION = Pattern.compile("\\d+\\.\\d{3,}");

  private Shop shop;
  private Shop tpch;

  @BeforeAll
  void open() {
    shop = new Shop(Shop.TABLES);
    tpch = new Shop(resource("tpch-tables.sql"));
  }

  @AfterAll
  void close() {
    shop.close();
    tpch.close();
  }

  private static String resource(String name) {
    try (InputStream stream = BlockPushdownTest.class.getResourceAsStream(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<String> tpchQueries() {
    return Stream.of(resource("tpch.sql").split(";", -1))
        .map(String::strip)
        .filter(q -> !q.isEmpty());
  }

  private BlockDecision decide(Shop at, String sql, Set<String> tables, SourceDialect dialect) {
    return BlockPushdown.plan(
        at.request(sql, tables, dialect, ParameterValues.NONE), "answer", at::unparse, at::columns);
  }

  /** Compares and gives the level and notes. */
  private String compare(Shop at, String sql, Set<String> tables, SourceDialect dialect)
      throws SQLException {
    List<String> expected;
    try {
      expected = at.answer(sql);
    } catch (SQLException e) {
      return "refused";
    }
    BlockDecision decision = decide(at, sql, tables, dialect);
    if (decision.plan().isEmpty()) {
      return "none " + decision.notes();
    }
    BlockPlan plan = decision.plan().get();
    String remote = DuckSource.sql(plan.query());
    String local = plan.local().toString();
    String what = sql + "\n--- " + remote + "\n--- " + local;
    List<String> answer;
    try {
      at.run("CREATE OR REPLACE TABLE answer AS " + remote);
      answer = at.answer(local);
    } catch (SQLException | IllegalStateException e) {
      throw new AssertionError(what, e);
    }
    if (dialect.equals(NO_AVERAGE)) {
      expected = rounded(expected);
      answer = rounded(answer);
    }
    assertThat(answer.getFirst()).as(what).isEqualTo(expected.getFirst());
    if (sql.toLowerCase(Locale.ROOT).contains("order by")) {
      assertThat(answer).as(what).isEqualTo(expected);
    } else {
      assertThat(answer).as(what).containsExactlyInAnyOrderElementsOf(expected);
    }
    return plan.level().toString();
  }

  /** A mean of a sum may differ in its last digit from what DuckDB chose to do. */
  private static List<String> rounded(List<String> rows) {
    return rows.stream()
        .map(row ->
            LONG_FRACTION
                .matcher(row)
                .replaceAll(number ->
                    String.format(Locale.ROOT, "%.7f", Double.parseDouble(number.group()))))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("tpchQueries")
  void ordinaryAnalyticsAreAnsweredByTheSource(String sql) throws SQLException {
    assertThat(tpch.answer(sql)).as("rows of the test").hasSizeGreaterThan(1);
    assertThat(compare(tpch, sql, TPCH, TestDialect.EVERYTHING)).isIn("WHOLE", "AGGREGATED");
  }

  @ParameterizedTest
  @MethodSource("tpchQueries")
  void sourcesThatKnowLessGiveTheSameAnswers(String sql) throws SQLException {
    compare(tpch, sql, TPCH, NO_AVERAGE);
    compare(tpch, sql, TPCH, NO_AGGREGATES);
    compare(tpch, sql, TPCH, TestDialect.JOINS);
    compare(tpch, sql, TPCH, TestDialect.LITTLE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT id, name FROM item WHERE id > 3 | WHOLE",
        "SELECT * FROM item i JOIN part p ON i.id = p.item_id | WHOLE",
        "SELECT * FROM item JOIN near USING (id) ORDER BY id, big, item.day, made LIMIT 9 | WHOLE",
        "SELECT * FROM item LEFT JOIN part USING (id) | WHOLE",
        "SELECT id, item.id, part.id, part.* FROM item RIGHT JOIN part USING (id) | WHOLE",
        "SELECT id FROM item FULL JOIN part USING (id) | WHOLE",
        "SELECT * FROM part NATURAL JOIN near | WHOLE",
        "SELECT item.* EXCLUDE (name) FROM item, near WHERE item.id = near.id | WHOLE",
        "SELECT DISTINCT name FROM item | WHOLE",
        "SELECT DISTINCT upper(name) AS u FROM item ORDER BY u | WHOLE",
        "SELECT DISTINCT upper(name) AS u FROM item ORDER BY u LIMIT 2 | JOINED",
        "SELECT DISTINCT name, id FROM item ORDER BY id, name LIMIT 5 OFFSET 2 | WHOLE",
        "SELECT name, count(*) FROM item GROUP BY name | WHOLE",
        "SELECT name AS n, count(*) AS c FROM item GROUP BY n HAVING c > 3 ORDER BY c, n | AGGREGATED",
        "SELECT name, count(*) FROM item GROUP BY ALL ORDER BY 2 DESC, 1 LIMIT 2 | WHOLE",
        "SELECT upper(name), sum(price) FROM item GROUP BY name | WHOLE",
        "SELECT upper(name), sum(price) FROM item GROUP BY upper(name) | JOINED",
        "SELECT median(price) FROM item | JOINED",
        "SELECT name, string_agg(name) FROM item GROUP BY name | JOINED",
        "SELECT name, string_agg(name) FROM item WHERE name IS NULL GROUP BY name | JOINED",
        "SELECT sum(id) FILTER (WHERE flag), avg(price), avg(id), avg(ratio) FROM item | WHOLE",
        "SELECT count(DISTINCT name), min(day), max(made), sum(small), sum(big) FROM item | WHOLE",
        "SELECT count(*) FROM item WHERE id < 0 | WHOLE",
        "SELECT 1 FROM item HAVING count(*) > 3 | WHOLE",
        "SELECT rank() OVER (ORDER BY sum(price)), name FROM item GROUP BY name | AGGREGATED",
        "SELECT id, row_number() OVER (ORDER BY id, big, made) FROM item LIMIT 5 | JOINED",
        "SELECT name, sum(price) s FROM item GROUP BY name QUALIFY rank() OVER (ORDER BY s) = 1 |"
            + " AGGREGATED",
        "SELECT count(*) FROM item i, part p WHERE i.id = p.id | WHOLE",
        "SELECT i.id + p.id AS x FROM item i, part p WHERE i.id = p.id ORDER BY x, i.day LIMIT 4 | WHOLE",
        "SELECT id AS big, big AS id FROM item ORDER BY id, big LIMIT 7 | WHOLE",
        "SELECT id AS big, big AS id FROM item ORDER BY id + 1, big + 1, made LIMIT 7 | WHOLE",
        "SELECT name FROM item GROUP BY name HAVING sum(price) > (SELECT avg(price) FROM item) | WHOLE",
        "SELECT (SELECT max(day) FROM part p WHERE p.item_id = i.id) d, i.id FROM item i | WHOLE",
        "SELECT name, (SELECT max(amount) FROM part WHERE label = name) FROM item GROUP BY name | WHOLE",
        "WITH c AS (SELECT id, sum(price) s FROM item GROUP BY id) SELECT * FROM c x JOIN c y USING (id) | WHOLE",
        "WITH c(a, b) AS (SELECT id, name FROM item) SELECT b, count(a) FROM c GROUP BY b | WHOLE",
        "SELECT a FROM (SELECT id FROM item ORDER BY id LIMIT 3) AS t(a) | WHOLE",
        "SELECT count(*), name FROM (SELECT DISTINCT id, name FROM item) GROUP BY name | WHOLE",
        "SELECT id FROM item WHERE id NOT IN (SELECT item_id FROM part) | WHOLE",
        "SELECT id FROM item WHERE id IN (SELECT item_id FROM near) AND 3 IN (SELECT id FROM part) | WHOLE",
        "SELECT CASE WHEN id > 3 THEN 'a' ELSE name END, interval 3 day, 1.5 FROM item | WHOLE",
        "SELECT id, id + 1 AS x, x * 2 AS y FROM item | WHOLE",
        "SELECT list_transform([id], lambda v: v + 1) FROM item | none",
        "SELECT random() < 2 FROM item | JOINED",
        "SELECT id FROM item WHERE random() < 2 | none",
        "SELECT * FROM item, part | none",
        "SELECT id FROM item UNION ALL SELECT id FROM part | none",
        "SELECT id FROM item LIMIT 10% | JOINED",
        "SELECT name FROM item GROUP BY ROLLUP (name) | JOINED",
        "SELECT 'x', count(*) FROM item GROUP BY 1 | JOINED",
        "SELECT year(day), count(*) FROM item GROUP BY year(day) ORDER BY year(day) | WHOLE",
        "SELECT extract(month FROM day) m, sum(price * (1 - 0.05)) FROM item GROUP BY 1 ORDER BY ALL | AGGREGATED",
        "SELECT i.name FROM item i WHERE EXISTS (FROM part p WHERE p.item_id = i.id AND p.amount > 20) | WHOLE",
        "SELECT name, sum(price) FROM item GROUP BY item.name | WHOLE",
        "SELECT sum(n) FROM (SELECT count(*) n FROM item GROUP BY name HAVING n > 2) | none",
      })
  void asMuchAsPossibleIsAsked(String sql, String expected) throws SQLException {
    assertThat(compare(shop, sql, SHOP, TestDialect.EVERYTHING)).startsWith(expected);
    compare(shop, sql, SHOP, NO_AVERAGE);
    compare(shop, sql, SHOP, NO_AGGREGATES);
    compare(shop, sql, SHOP, TestDialect.JOINS);
  }

  @Test
  void generatedQueriesGiveTheSameAnswers() throws SQLException {
    QueryGenerator generator = new QueryGenerator(new Random(7));
    int answered = 0;
    int pushed = 0;
    for (int i = 0; i < 400; i++) {
      String sql = generator.blocks();
      String level = compare(shop, sql, SHOP, TestDialect.EVERYTHING);
      answered += level.equals("refused") ? 0 : 1;
      pushed += Stream.of(Level.values()).anyMatch(l -> l.toString().equals(level)) ? 1 : 0;
      if (i % 4 == 0) {
        compare(shop, sql, SHOP, NO_AVERAGE);
        compare(shop, sql, SHOP, NO_AGGREGATES);
      }
    }
    assertThat(answered).as("queries that DuckDB answers").isGreaterThan(200);
    assertThat(pushed).as("queries that the source answers").isGreaterThan(100);
  }

  @Test
  void parametersAreConstants() throws SQLException {
    String sql = "SELECT name, ? AS x FROM item WHERE id > ? ORDER BY name, id, made LIMIT ?";
    PushdownRequest open = shop.request(sql, SHOP, TestDialect.EVERYTHING, ParameterValues.NONE);
    PushdownRequest request =
        new PushdownRequest(
            open.statement(),
            open.text(),
            open.analysis(),
            open.remotes(),
            new ParameterValues(open.analysis().parameters(), List.of("a", 3, 5)),
            open.constants());
    String written = "SELECT name, 'a' AS x FROM item WHERE id > 3 ORDER BY name, id, made LIMIT 5";
    BlockPlan plan =
        BlockPushdown.plan(
                request,
                "answer",
                shop::unparse,
                text -> shop.columns(text.equals(sql) ? written : text))
            .plan()
            .orElseThrow();
    assertThat(plan.query().limit()).hasValue(5);
    shop.run("CREATE OR REPLACE TABLE answer AS " + DuckSource.sql(plan.query()));
    assertThat(shop.answer(plan.local().toString())).isEqualTo(shop.answer(written));
  }

  @Test
  void tablesOfSeveralSourcesOrUnderPoliciesAreLeftToTheScans() {
    PushdownRequest open =
        shop.request("SELECT * FROM item", SHOP, TestDialect.EVERYTHING, ParameterValues.NONE);
    PushdownRequest request =
        new PushdownRequest(
            open.statement(),
            open.text(),
            open.analysis(),
            Map.of(
                0, new RemoteReference(shop.table("item"), TestDialect.EVERYTHING, true, Set.of())),
            open.parameters(),
            open.constants());
    assertThat(BlockPushdown.plan(request, "answer", shop::unparse, shop::columns).notes())
        .containsExactly("a row filter or mask stands before a table");
    assertThat(
            decide(shop, "SELECT * FROM item, near", Set.of("item"), TestDialect.EVERYTHING)
                .notes())
        .containsExactly("not all tables are of sources");
  }
}
