package dev.polder.sql.pushdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.sql.analyse.Span;
import dev.polder.sql.analyse.TableReference;
import dev.polder.sql.bind.ParameterValues;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.SourceDialect;
import dev.polder.sql.statement.SqlText;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScanPushdownTest {
  private static final Set<String> REMOTE = Set.of("item", "part");

  private Shop shop;

  @BeforeAll
  void open() {
    shop = new Shop(Shop.TABLES);
  }

  @AfterAll
  void close() {
    shop.close();
  }

  private List<RemoteScan> plan(String sql, SourceDialect dialect) {
    return ScanPushdown.plan(shop.request(sql, REMOTE, dialect, ParameterValues.NONE));
  }

  /** The one scan's conditions as SQL; its tail follows. */
  private String pushed(String sql) {
    RemoteQuery query = plan(sql, TestDialect.EVERYTHING).getFirst().query();
    String text = DuckSource.sql(query);
    int where = text.indexOf(" WHERE ");
    int from = text.indexOf(" FROM ");
    String rest =
        where < 0 ? text.substring(text.indexOf(" AS r0", from) + 6) : text.substring(where + 7);
    return ((query.distinct() ? "DISTINCT " : "") + rest).strip();
  }

  /**
   * Compares the answers through the scans and without them, rows in any order.
   *
   * @return how many nodes the pushed conditions have; −1 when DuckDB refuses the query
   */
  private long compare(String sql, SourceDialect dialect) throws SQLException {
    List<String> expected;
    try {
      expected = shop.answer(sql);
    } catch (SQLException e) {
      return -1;
    }
    long pushed = 0;
    PushdownRequest request = shop.request(sql, REMOTE, dialect, ParameterValues.NONE);
    List<SqlText.Edit> edits = new ArrayList<>();
    List<JoinFilter> filters = JoinFilters.plan(request, shop::unparse);
    for (RemoteScan scan : ScanPushdown.plan(request)) {
      String name = "scan" + scan.reference();
      shop.run(
          "CREATE OR REPLACE TABLE " + name + " AS " + DuckSource.sql(filtered(scan, filters)));
      pushed += DuckSource.size(scan.query());
      TableReference reference = request.analysis().tables().get(scan.reference());
      Span span = reference.nameSpan().orElseThrow();
      String alias = reference.alias().isPresent() ? "" : " AS " + reference.name().last();
      edits.add(new SqlText.Edit(span.start(), span.end(), name + alias));
    }
    edits.sort(Comparator.comparingInt(SqlText.Edit::start));
    List<String> answer = shop.answer(request.text().edited(edits).toString());
    assertThat(answer.getFirst()).as(sql).isEqualTo(expected.getFirst());
    assertThat(answer).as(sql).containsExactlyInAnyOrderElementsOf(expected);
    return pushed;
  }

  /** With the keys of the join filters, unless LIMIT or DISTINCT stand above the conditions. */
  private RemoteQuery filtered(RemoteScan scan, List<JoinFilter> filters) {
    RemoteQuery query = scan.query();
    List<RemoteExpression> conditions = new ArrayList<>(query.where());
    for (JoinFilter filter : filters) {
      if (filter.reference() == scan.reference()) {
        JoinFilters.condition(filter.column(), shop.values(filter.keys()))
            .ifPresent(conditions::add);
      }
    }
    return new RemoteQuery(
        query.outputs(),
        query.from(),
        conditions,
        List.of(),
        List.of(),
        query.orderBy(),
        query.distinct(),
        query.limit(),
        query.offset());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT * FROM item i JOIN near n ON i.id = n.id WHERE n.label = 'ape' |"
            + " id: SELECT DISTINCT n.id FROM near AS n WHERE (n.label = 'ape')",
        "SELECT amount FROM part, near WHERE amount = cost AND cost > 3 |"
            + " amount: SELECT DISTINCT cost FROM near WHERE (cost > 3)",
        "SELECT * FROM near LEFT JOIN item ON item.id = near.id AND near.label = 'x' |"
            + " id: SELECT DISTINCT near.id FROM near",
        "SELECT * FROM item LEFT JOIN near ON item.id = near.id |",
        "SELECT * FROM item FULL JOIN near ON item.id = near.id |",
        "SELECT * FROM item JOIN near USING (id) WHERE random() < 1 |"
            + " id: SELECT DISTINCT near.id FROM near",
        "SELECT * FROM item SEMI JOIN near USING (id) | id: SELECT DISTINCT near.id FROM near",
        "SELECT * FROM item ANTI JOIN near USING (id) |",
        "SELECT * FROM near ANTI JOIN item USING (id) | id: SELECT DISTINCT near.id FROM near",
        "SELECT * FROM item WHERE id IN (SELECT item_id FROM near WHERE label = 'ape') |"
            + " id: SELECT DISTINCT polder_keys.polder_key FROM (SELECT item_id FROM near WHERE"
            + " (label = 'ape')) AS polder_keys(polder_key)",
        "SELECT * FROM item WHERE id IN (SELECT item_id FROM near LIMIT 3) |",
        "SELECT * FROM item WHERE id NOT IN (SELECT item_id FROM near) |",
        "SELECT * FROM item WHERE id = 3 OR id IN (SELECT item_id FROM near) |",
        "SELECT * FROM item, (SELECT max(id) AS m FROM near) q WHERE item.id = q.m |"
            + " id: SELECT DISTINCT q.m FROM (SELECT max(id) AS m FROM near) AS q",
        "SELECT * FROM item, near TABLESAMPLE 10% WHERE item.id = near.id |",
        "SELECT * FROM item, near WHERE item.id = near.id + 1 |",
        "WITH near AS (SELECT n.id FROM near n, item WHERE item.id = n.id) FROM near |"
            + " id: SELECT DISTINCT n.id FROM near AS n",
        "WITH k AS (SELECT 3 AS id) SELECT * FROM item, k WHERE item.id = k.id |"
            + " id: WITH k AS (SELECT 3 AS id) SELECT DISTINCT k.id FROM k",
      })
  void keysOfOtherItemsBoundTheRows(String sql, String expected) {
    PushdownRequest request =
        shop.request(sql, REMOTE, TestDialect.EVERYTHING, ParameterValues.NONE);
    List<String> filters =
        JoinFilters.plan(request, shop::unparse).stream()
            .map(filter -> {
              assertThat(filter.remotes()).isEmpty();
              return filter.column().name() + ": " + filter.keys().replace("\"", "");
            })
            .toList();
    assertThat(filters).isEqualTo(expected == null ? List.of() : List.of(expected));
  }

  @Test
  void manyKeysAreARangeAndKeysOfAnotherTypeAreNone() {
    RemoteColumn id = new RemoteColumn("id", "INTEGER", "", true);
    assertThat(JoinFilters.condition(id, Arrays.asList(3L, null, 5, new BigDecimal("4.5"))))
        .map(DuckSource::sql)
        .hasValue("(r0.\"id\" IN (CAST('3' AS INTEGER), CAST('5' AS INTEGER)))");
    assertThat(JoinFilters.condition(id, IntStream.range(0, 3_000).boxed().toList()))
        .map(DuckSource::sql)
        .hasValue(
            "((r0.\"id\" >= CAST('0' AS INTEGER)) AND (r0.\"id\" <= CAST('2999' AS INTEGER)))");
    assertThat(JoinFilters.condition(id, List.of("3"))).isEmpty();
    assertThat(JoinFilters.condition(id, List.of()))
        .map(DuckSource::sql)
        .hasValue("CAST('false' AS BOOLEAN)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT 1 FROM item WHERE id = 5 | (r0.\"id\" = CAST('5' AS INTEGER))",
        "SELECT 1 FROM item WHERE big = 5 | (r0.\"big\" = CAST('5' AS BIGINT))",
        "SELECT 1 FROM item WHERE small < 300 | (CAST(r0.\"small\" AS INTEGER) < CAST('300' AS INTEGER))",
        "SELECT 1 FROM item WHERE price >= 5 | (r0.\"price\" >= CAST('5.00' AS DECIMAL(15,2)))",
        "SELECT 1 FROM item WHERE 1 > ratio | (r0.\"ratio\" < CAST('1.0' AS DOUBLE))",
        "SELECT 1 FROM item WHERE day < '1995-03-01' | (r0.\"day\" < CAST('1995-03-01' AS DATE))",
        "SELECT 1 FROM item WHERE day <= DATE '1995-12-01' - INTERVAL 90 DAY |"
            + " (r0.\"day\" <= CAST('1995-09-02' AS DATE))",
        "SELECT 1 FROM item WHERE flag | (r0.\"flag\" = CAST('true' AS BOOLEAN))",
        "SELECT 1 FROM item WHERE name LIKE 'a%' | (r0.\"name\" LIKE CAST('a%' AS VARCHAR))",
        "SELECT 1 FROM item WHERE id IN (1, 2) |"
            + " (r0.\"id\" IN (CAST('1' AS INTEGER), CAST('2' AS INTEGER)))",
        "SELECT 1 FROM item WHERE id = big |" + " (CAST(r0.\"id\" AS BIGINT) = r0.\"big\")",
        "SELECT 1 FROM item WHERE random() < 0.5 AND id = 1 | (r0.\"id\" = CAST('1' AS INTEGER))",
        "SELECT 1 FROM item WHERE name > 5 | ``",
        "SELECT id FROM item LIMIT 3 OFFSET 2 | LIMIT 5",
        "SELECT id FROM item WHERE random() < 2 LIMIT 3 | ``",
        "SELECT id AS x FROM item ORDER BY x DESC LIMIT 3 | ORDER BY r0.\"id\" DESC NULLS LAST LIMIT 3",
        "SELECT count(*) FROM item LIMIT 3 | ``",
        "SELECT unnest([id]) FROM item LIMIT 3 | ``",
        "SELECT row_number() OVER () FROM item LIMIT 3 | ``",
        "SELECT DISTINCT name, day FROM item | DISTINCT",
        "SELECT DISTINCT name FROM item WHERE id > 1 | (r0.\"id\" > CAST('1' AS INTEGER))",
        "SELECT id FROM item, near LIMIT 3 | ``",
        "SELECT 1 FROM item LEFT JOIN near USING (id) WHERE id = 1 | ``",
        "SELECT 1 FROM near LEFT JOIN item ON item.id = near.id AND item.big > 4 WHERE item.id = 1 |"
            + " (r0.\"big\" > CAST('4' AS BIGINT))",
        "SELECT 1 FROM near n, item i WHERE (i.id = 1 AND n.id = 2) OR (i.id = 3 AND n.id = 4) |"
            + " ((r0.\"id\" = CAST('1' AS INTEGER)) OR (r0.\"id\" = CAST('3' AS INTEGER)))",
      })
  void asksForTheRowsThatCanMatter(String sql, String expected) {
    assertThat(pushed(sql)).isEqualTo(expected.equals("``") ? "" : expected);
  }

  @Test
  void asksOnlyForColumnsThatAreUsed() {
    assertThat(
            plan("SELECT id FROM item WHERE price > 1", TestDialect.EVERYTHING)
                .getFirst()
                .query()
                .outputs())
        .extracting(RemoteQuery.Output::name)
        .containsExactly("id", "price");
  }

  @Test
  void valuesOfParametersAreConstants() {
    String sql = "SELECT 1 FROM item WHERE day < ? AND id = ?";
    PushdownRequest request =
        shop.request(
            sql,
            REMOTE,
            TestDialect.EVERYTHING,
            new ParameterValues(
                shop.analyzer.analyze(SqlText.of(sql)).parameters(), List.of("1995-02-03", 7)));
    assertThat(DuckSource.sql(ScanPushdown.plan(request).getFirst().query()))
        .endsWith(
            "(r0.\"day\" < CAST('1995-02-03' AS DATE)) AND (r0.\"id\" = CAST('7' AS INTEGER))");
  }

  @Test
  void underPoliciesNothingThatFailsOrReadsMaskedColumnsIsAsked() {
    String sql = "SELECT 1 FROM item WHERE id + 1 = 2 AND name = 'x' AND big = 3 LIMIT 2";
    PushdownRequest open = shop.request(sql, REMOTE, TestDialect.EVERYTHING, ParameterValues.NONE);
    PushdownRequest request =
        new PushdownRequest(
            open.statement(),
            open.text(),
            open.analysis(),
            Map.of(
                0,
                new RemoteReference(
                    shop.table("item"), TestDialect.EVERYTHING, true, Set.of("name"))),
            open.parameters(),
            open.constants());
    RemoteScan scan = ScanPushdown.plan(request).getFirst();
    assertThat(scan.leakProof()).isTrue();
    assertThat(DuckSource.sql(scan.query())).endsWith(" WHERE (r0.\"big\" = CAST('3' AS BIGINT))");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM item WHERE CASE WHEN flag THEN id > 3 ELSE price < 50 END",
        "SELECT name, count(*) FROM item WHERE coalesce(name, 'x') = 'x' GROUP BY ALL",
        "SELECT * FROM item i JOIN part p ON i.id = p.item_id AND p.amount > 10 WHERE i.price < 60",
        "SELECT * FROM item i LEFT JOIN part p ON i.id = p.item_id AND p.amount > 10",
        "SELECT * FROM item i RIGHT JOIN part p ON i.id = p.item_id AND i.price > 10",
        "SELECT * FROM item i FULL JOIN part p ON i.id = p.item_id AND i.price > 10 WHERE i.id > 3",
        "SELECT * FROM item i SEMI JOIN part p ON i.id = p.item_id AND p.amount > 10",
        "SELECT * FROM item i ANTI JOIN part p ON i.id = p.item_id AND i.price > 10 WHERE i.id > 2",
        "SELECT * FROM item WHERE id IN (SELECT item_id FROM part WHERE amount > 20)",
        "SELECT id AS big, big AS id FROM item WHERE big > 500 ORDER BY big, id LIMIT 5",
        "SELECT * FROM (SELECT id, name FROM item ORDER BY id NULLS FIRST, name, day LIMIT 7) q",
        "WITH c AS (SELECT * FROM item WHERE id < 9) SELECT * FROM c x, c y WHERE x.id = y.id",
        "SELECT DISTINCT name FROM item",
        "SELECT year(day), month(made) FROM item WHERE year(day) = 1995 AND month(made) > 1",
        "SELECT * FROM item WHERE substring(name, 1, 2) = 'ap' OR length(name) = 3",
        "SELECT * FROM item WHERE day + INTERVAL 1 MONTH > made",
        "SELECT * FROM item WHERE id * 2 - small = 10 OR price * 1.5 > 100",
        "SELECT * FROM item WHERE name NOT LIKE '%a%' AND starts_with(name, 'C')",
        "SELECT * FROM item WHERE id IS NOT DISTINCT FROM small",
        "SELECT * FROM item NATURAL JOIN part WHERE id > 3",
        "SELECT day AS d FROM item WHERE d > '1995-03-01'",
        "SELECT * FROM item i WHERE EXISTS (SELECT 1 FROM part WHERE item_id = i.id AND id > 5)",
        "FROM item SELECT sum(price) FILTER (WHERE id > 4) WHERE big > 3",
        "SELECT * FROM item AS t(a, b) WHERE a > 3",
        "SELECT * FROM item i JOIN near n ON i.id = n.id WHERE n.label = 'ape'",
        "SELECT * FROM near n LEFT JOIN item i ON i.id = n.id AND n.label = 'ape'",
        "SELECT * FROM item i LEFT JOIN near n ON i.id = n.id",
        "SELECT * FROM item i ANTI JOIN near n ON i.id = n.id",
        "SELECT * FROM near n ANTI JOIN item i ON i.id = n.id",
        "SELECT * FROM near n RIGHT JOIN item i ON i.id = n.id WHERE n.item_id = i.small",
        "SELECT * FROM item JOIN near USING (id) JOIN part USING (id) WHERE near.id > 3",
        "SELECT * FROM (near n LEFT JOIN item i ON i.id = n.id) LEFT JOIN part p ON p.id = i.id",
        "SELECT * FROM item WHERE id IN (SELECT item_id FROM near WHERE label = 'ape')",
        "SELECT id FROM item WHERE id IN (SELECT item_id FROM near) AND id NOT IN (SELECT id FROM part)",
        "SELECT id, sum(price) OVER (ORDER BY id, day) FROM item WHERE id > 30 QUALIFY id < 35",
      })
  void theAnswerIsThatWithoutPushdown(String sql) throws SQLException {
    compare(sql, TestDialect.EVERYTHING);
    compare(sql, TestDialect.LITTLE);
  }

  @Test
  void generatedQueriesGiveTheSameAnswers() throws SQLException {
    QueryGenerator generator = new QueryGenerator(new Random(42));
    int answered = 0;
    int narrowed = 0;
    for (int i = 0; i < 400; i++) {
      String sql = generator.scans();
      long pushed = compare(sql, TestDialect.EVERYTHING);
      answered += pushed >= 0 ? 1 : 0;
      narrowed += pushed > 0 ? 1 : 0;
      if (i % 5 == 0) {
        compare(sql, TestDialect.LITTLE);
      }
    }
    assertThat(answered).as("queries that DuckDB answers").isGreaterThan(200);
    assertThat(narrowed).as("queries with a condition at the source").isGreaterThan(100);
  }
}
