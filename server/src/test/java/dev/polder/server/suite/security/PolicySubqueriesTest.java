package dev.polder.server.suite.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.server.suite.TestSession;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row filters and column masks that look things up in other tables. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PolicySubqueriesTest {
  private Vault vault;
  private TestSession owner;
  private TestSession mallory;

  @BeforeAll
  void fill(@TempDir Path directory) {
    vault = new Vault(directory);
    owner = vault.owner();
    mallory = vault.mallory();
    owner.runAll(
        "CREATE SCHEMA s",
        "CREATE TABLE s.user_regions (who VARCHAR, region VARCHAR)",
        "INSERT INTO s.user_regions VALUES ('mallory', 'north'), ('mallory', 'east'),"
            + " ('mallory', NULL), ('gus', 'south')",
        "CREATE TABLE s.sales (id INTEGER, region VARCHAR, amount VARCHAR)",
        "INSERT INTO s.sales VALUES (1, 'north', '10'), (2, 'east', '20'), (3, 'south', 'S3CRET'),"
            + " (4, 'west', 'Harry')",
        "CREATE ROW FILTER own_regions ON s.sales FOR ROLE clerk USING (region IN"
            + " (SELECT region FROM s.user_regions WHERE who = current_user AND region IS NOT"
            + " NULL))",
        "GRANT SELECT ON s.sales TO USER mallory");
  }

  @AfterAll
  void stop() throws Exception {
    vault.close();
  }

  private List<String> seen() {
    return mallory.query("SELECT id FROM s.sales ORDER BY id").column(0);
  }

  @Test
  void theFilterReadsWithItsAuthorsRightsAndTheAskersName() {
    assertThat(seen()).containsExactly("1", "2");
    assertThat(mallory.refusal("SELECT * FROM s.user_regions").code())
        .isEqualTo(ErrorCode.ACCESS_DENIED);
    assertThat(owner.value("SELECT count(*) FROM s.sales")).isEqualTo("4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT sum(amount::INTEGER) FROM s.sales",
        "SELECT count(*) FROM s.sales WHERE amount::INTEGER > 0",
        "SELECT count(*) FROM s.sales WHERE 1 // (id - 3) < 5",
        "SELECT count(*) FROM s.sales WHERE CASE WHEN id > 2 THEN error(amount) ELSE true END",
        "SELECT count(*) FROM s.sales a JOIN s.sales b ON a.id = b.id AND a.amount::INTEGER > 0",
        "SELECT max(amount) FROM s.sales",
        "SELECT list(amount) FROM s.sales GROUP BY ALL HAVING min(amount::INTEGER) > 0",
        "SELECT amount FROM s.sales ORDER BY amount::INTEGER DESC LIMIT 1",
        "SELECT * FROM open o LEFT JOIN s.sales x ON o.id = x.id - 2",
        "SELECT approx_top_k(amount, 10), histogram(region) FROM s.sales",
        "SUMMARIZE s.sales",
        "EXPLAIN SELECT * FROM s.sales WHERE amount = 'x'",
        "EXPLAIN ANALYZE SELECT count(*) FROM s.sales",
        "FROM s.sales AT (VERSION => 999999)",
      })
  void nothingTellsOfAFilteredRow(String sql) {
    try {
      vault.assertTellsNothing(mallory.answer(sql).toString(), sql);
    } catch (PolderException e) {
      assertThat(e.code()).isNotIn(ErrorCode.CONVERSION_ERROR, ErrorCode.DATA_EXCEPTION);
      vault.assertTellsNothing(String.valueOf(e.getMessage()), sql);
    }
  }

  @Test
  void failingExpressionsSeeOnlyTheRowsThatAreLeft() {
    assertThat(mallory.value("SELECT sum(amount::INTEGER) FROM s.sales")).isEqualTo("30");
    assertThat(mallory.value("SELECT count(*) FROM s.sales WHERE 100 // (id - 3) <> 0"))
        .isEqualTo("2");
  }

  @Test
  void aLookupRowThatIsGoneCountsInTheNextStatementAndForThePastToo() {
    owner.runAll(
        "CREATE TABLE s.lists (who VARCHAR, item INTEGER)",
        "INSERT INTO s.lists VALUES ('mallory', 1), ('mallory', 2)",
        "CREATE TABLE s.items (item INTEGER)",
        "INSERT INTO s.items VALUES (1), (2), (3)",
        "CREATE ROW FILTER listed ON s.items USING (item IN (SELECT item FROM s.lists WHERE who ="
            + " current_user))",
        "GRANT SELECT ON s.items TO USER mallory");
    String then = owner.value("SELECT now()::VARCHAR");
    mallory.run("PREPARE listed AS SELECT item FROM s.items ORDER BY ALL");
    assertThat(mallory.query("EXECUTE listed").column(0)).containsExactly("1", "2");
    owner.run("DELETE FROM s.lists WHERE item = 2");
    assertThat(mallory.query("EXECUTE listed").column(0)).containsExactly("1");
    assertThat(
            mallory
                .query("SELECT item FROM s.items AT (TIMESTAMP => '" + then + "'::TIMESTAMPTZ)")
                .column(0))
        .containsExactly("1");
    owner.run("DELETE FROM s.lists WHERE true");
    assertThat(mallory.query("SELECT item FROM s.items").rows()).isEmpty();
  }

  @Test
  void aTransactionReadsLookupsAndRowsAtOneMoment() {
    owner.runAll(
        "CREATE TABLE s.gate (open INTEGER)",
        "INSERT INTO s.gate VALUES (1)",
        "CREATE TABLE s.gated (gate INTEGER)",
        "INSERT INTO s.gated VALUES (1), (2)",
        "CREATE ROW FILTER gates ON s.gated FOR ROLE clerk USING (gate = (SELECT max(open) FROM"
            + " s.gate))",
        "GRANT SELECT ON s.gated TO USER mallory");
    try (TestSession session = vault.server().user(Vault.USER, Vault.DATABASE)) {
      session.run("BEGIN");
      assertThat(session.query("FROM s.gated").column(0)).containsExactly("1");
      owner.runAll("UPDATE s.gate SET open = 2", "INSERT INTO s.gated VALUES (2)");
      assertThat(session.query("FROM s.gated").column(0)).containsExactly("1");
      session.run("COMMIT");
      assertThat(session.query("FROM s.gated").column(0)).containsExactly("2", "2");
    }
  }

  @Test
  void listsTooLongToWriteOutHoldAsWell() {
    owner.runAll(
        "CREATE TABLE s.many (n INTEGER)",
        "INSERT INTO s.many SELECT range FROM range(3000)",
        "CREATE TABLE s.numbered (n INTEGER, note VARCHAR)",
        "INSERT INTO s.numbered VALUES (1, '1'), (2999, '2'), (3000, 'S3CRET')",
        "CREATE ROW FILTER among ON s.numbered USING (n IN (SELECT n FROM s.many))",
        "GRANT RW ON s.numbered TO USER mallory");
    assertThat(mallory.value("SELECT sum(note::INTEGER) FROM s.numbered")).isEqualTo("3");
    assertThat(mallory.refusal("INSERT INTO s.numbered VALUES (5000, 'x')").code())
        .isEqualTo(ErrorCode.ACCESS_DENIED);
    mallory.run("INSERT INTO s.numbered VALUES (5, '5')");
    assertThat(mallory.value("SELECT count(*) FROM s.numbered")).isEqualTo("3");
    mallory.run("UPDATE s.numbered SET note = '6' WHERE n = 5");
    assertThat(mallory.query("DELETE FROM s.numbered RETURNING n").sorted().column(0))
        .containsExactly("1", "2999", "5");
    owner.run("DROP ROW FILTER among ON s.numbered");
    assertThat(owner.query("SELECT n FROM s.numbered").column(0)).containsExactly("3000");
  }

  @Test
  void existsAndNotInAndRowsAreReadAsSqlSays() {
    owner.runAll(
        "CREATE TABLE s.shut (n INTEGER)",
        "INSERT INTO s.shut VALUES (2)",
        "CREATE TABLE s.plain (n INTEGER, m INTEGER)",
        "INSERT INTO s.plain VALUES (1, 1), (2, 2), (3, 3)",
        "GRANT SELECT ON s.plain TO USER mallory");
    assertFiltered("n NOT IN (SELECT n FROM s.shut)", "1", "3");
    assertFiltered("n NOT IN (SELECT n FROM s.shut WHERE n > 5)", "1", "2", "3");
    assertFiltered("n IN (SELECT n FROM s.shut WHERE n > 5)");
    assertFiltered("EXISTS (SELECT 1 FROM s.shut WHERE n = 2) AND n < 2", "1");
    assertFiltered("NOT EXISTS (SELECT 1 FROM s.shut)");
    assertFiltered("(n, m) IN (SELECT n, n FROM s.shut)", "2");
    assertFiltered("n > ALL (SELECT n FROM s.shut)", "3");
    assertFiltered("n = (SELECT n FROM s.shut WHERE n > 5)");
    assertFiltered("n IN (WITH w AS (SELECT n + 1 AS n FROM s.shut) SELECT n FROM w)", "3");
  }

  private void assertFiltered(String condition, String... left) {
    owner.run("CREATE OR REPLACE ROW FILTER tried ON s.plain USING (" + condition + ")");
    assertThat(mallory.query("SELECT n FROM s.plain ORDER BY n").column(0))
        .as(condition)
        .containsExactly(left);
  }

  @Test
  void masksLookValuesUp() {
    owner.runAll(
        "CREATE TABLE s.words (who VARCHAR, word VARCHAR)",
        "INSERT INTO s.words VALUES ('mallory', '<hidden>')",
        "CREATE TABLE s.pins (id INTEGER, pin VARCHAR)",
        "INSERT INTO s.pins VALUES (1, '123-45-09')",
        "CREATE COLUMN MASK worded ON s.pins (pin) USING ((SELECT max(word) FROM s.words WHERE who"
            + " = current_user))",
        "GRANT SELECT ON s.pins TO USER mallory");
    assertThat(mallory.value("SELECT pin FROM s.pins")).isEqualTo("<hidden>");
    assertThat(mallory.query("SELECT * FROM s.pins WHERE pin LIKE '123%'").rows()).isEmpty();
    owner.run(
        "CREATE OR REPLACE COLUMN MASK worded ON s.pins (pin) USING (CASE WHEN 'mallory' IN"
            + " (SELECT who FROM s.words) THEN left(pin, 1) ELSE NULL END)");
    assertThat(mallory.value("SELECT pin FROM s.pins")).isEqualTo("1");
  }

  @Test
  void policiesThatWouldReadThemselvesAreRefused() {
    owner.runAll(
        "CREATE TABLE s.one (n INTEGER)",
        "INSERT INTO s.one VALUES (1)",
        "CREATE TABLE s.two (n INTEGER)",
        "CREATE VIEW s.one_view AS SELECT * FROM s.one",
        "GRANT SELECT ON s.one TO USER mallory");
    assertThat(
            owner
                .refusal("CREATE ROW FILTER own ON s.one USING (n IN (SELECT n FROM s.one_view))")
                .code())
        .isEqualTo(ErrorCode.NOT_SUPPORTED);
    owner.run("CREATE ROW FILTER to_two ON s.one USING (n IN (SELECT n FROM s.two))");
    PolderException back =
        owner.refusal("CREATE ROW FILTER to_one ON s.two USING (n IN (SELECT n FROM s.one))");
    assertThat(back.code()).isEqualTo(ErrorCode.NOT_SUPPORTED);
    assertThat(back).hasMessageContaining("itself");
    owner.runAll(
        "CREATE VIEW s.later AS SELECT 1 AS n",
        "CREATE ROW FILTER to_view ON s.two USING (n IN (SELECT n FROM s.later))",
        "CREATE OR REPLACE VIEW s.later AS SELECT n FROM s.one");
    assertThat(mallory.refusal("SELECT * FROM s.one").code()).isEqualTo(ErrorCode.NOT_SUPPORTED);
  }

  @Test
  void subqueriesThatNeedTheRowAroundThemAreRefused() {
    owner.runAll(
        "CREATE TABLE s.outer_rows (a INTEGER)",
        "CREATE TABLE s.inner_rows (b INTEGER)",
        "GRANT SELECT ON s.outer_rows TO USER mallory");
    assertThat(
            owner
                .refusal(
                    "CREATE ROW FILTER correlated ON s.outer_rows USING (EXISTS (SELECT 1 FROM"
                        + " s.inner_rows WHERE b = a))")
                .code())
        .isEqualTo(ErrorCode.NOT_SUPPORTED);
    owner.runAll(
        "CREATE ROW FILTER fine ON s.outer_rows USING (a IN (SELECT b FROM s.inner_rows))",
        "ALTER TABLE s.inner_rows RENAME COLUMN b TO a");
    assertThat(mallory.refusal("SELECT * FROM s.outer_rows").code())
        .isEqualTo(ErrorCode.NOT_SUPPORTED);
  }

  @Test
  void aPolicyWhoseLookupIsGoneHidesEverything() {
    owner.runAll(
        "CREATE TABLE s.gone (n INTEGER)",
        "CREATE TABLE s.left_alone (n INTEGER)",
        "CREATE ROW FILTER lost ON s.left_alone USING (n IN (SELECT n FROM s.gone))",
        "GRANT SELECT ON s.left_alone TO USER mallory",
        "DROP TABLE s.gone");
    PolderException refusal = mallory.refusal("SELECT * FROM s.left_alone");
    assertThat(refusal.code()).isEqualTo(ErrorCode.ACCESS_DENIED);
    assertThat(refusal.getMessage()).contains("lost").doesNotContain("s.gone");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id = 1 AND region = \"current_user\"",
        "region = session_user",
        "region = user",
        "region = \"user\"",
        "region IN (SELECT table_name FROM information_schema.tables)",
        "region IN (SELECT region FROM user_regions)",
        "region IN (SELECT region FROM s.user_regions WHERE who = $1)",
        "region IN (SELECT region FROM read_csv('/etc/passwd'))",
        "region IN (SELECT region FROM s.nothing)",
        "region IN (SELECT region, who FROM s.user_regions)",
        "(SELECT who FROM s.user_regions LIMIT 1)",
      })
  void policiesThatCannotHoldAreRefusedWhenTheyAreMade(String condition) {
    assertThat(owner.refusal("CREATE ROW FILTER bad ON s.sales USING (" + condition + ")").code())
        .isNotIn(ErrorCode.INTERNAL_ERROR, ErrorCode.INSTANCE_FAILED);
    assertThat(seen()).containsExactly("1", "2");
  }
}
