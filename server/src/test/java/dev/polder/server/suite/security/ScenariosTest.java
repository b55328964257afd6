package dev.polder.server.suite.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.server.suite.Answer;
import dev.polder.server.suite.TestSession;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Attempts to see what is hidden that take more than one statement. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ScenariosTest {
  private Vault vault;
  private TestSession owner;
  private TestSession mallory;

  @BeforeAll
  void fill(@TempDir Path directory) {
    vault = new Vault(directory);
    owner = vault.owner();
    mallory = vault.mallory();
  }

  @AfterAll
  void stop() throws Exception {
    vault.close();
  }

  private static void assertDenied(PolderException refusal) {
    assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(ErrorCode.ACCESS_DENIED);
  }

  @Test
  void preparingAnUngrantedTableHelpsNothing() {
    mallory.run("PREPARE steal AS SELECT * FROM secret");
    assertDenied(mallory.refusal("EXECUTE steal"));
  }

  @Test
  void aPreparedStatementIsRefusedAfterTheGrantIsRevoked() {
    owner.runAll(
        "CREATE TABLE lent (id INTEGER)",
        "INSERT INTO lent VALUES (1)",
        "GRANT SELECT ON lent TO USER mallory");
    mallory.run("PREPARE p AS SELECT * FROM lent WHERE id = ?");
    assertThat(mallory.query("EXECUTE p(1)").rows()).hasSize(1);
    owner.run("REVOKE SELECT ON lent FROM USER mallory");
    assertDenied(mallory.refusal("EXECUTE p(1)"));
    assertDenied(mallory.refusal("SELECT * FROM lent WHERE id = ?", 1));
  }

  @Test
  void aPreparedStatementMeetsTheFilterThatCameLater() {
    owner.runAll(
        "CREATE TABLE later (id INTEGER)",
        "INSERT INTO later VALUES (1), (2)",
        "GRANT SELECT ON later TO USER mallory");
    mallory.run("PREPARE q AS SELECT id FROM later ORDER BY id");
    assertThat(mallory.query("EXECUTE q").rows()).hasSize(2);
    owner.run("CREATE ROW FILTER one ON later USING (id = 1)");
    assertThat(mallory.query("EXECUTE q").column(0)).containsExactly("1");
    assertThat(mallory.query("SELECT id FROM later").column(0)).containsExactly("1");
  }

  @Test
  void aTransactionThatBeganBeforeTheRevokeReadsNoMore() {
    owner.runAll(
        "CREATE TABLE brief (id INTEGER)",
        "INSERT INTO brief VALUES (1)",
        "GRANT SELECT ON brief TO USER mallory");
    try (TestSession session = vault.server().user(Vault.USER, Vault.DATABASE)) {
      session.run("BEGIN");
      assertThat(session.value("SELECT count(*) FROM brief")).isEqualTo("1");
      owner.run("REVOKE SELECT ON brief FROM USER mallory");
      assertDenied(session.refusal("SELECT count(*) FROM brief"));
    }
  }

  @Test
  void timeTravelBeforeTheFilterShowsNoFilteredRow() {
    owner.runAll("CREATE TABLE old (id INTEGER, who VARCHAR)", "INSERT INTO old VALUES (1, 'Ann')");
    owner.run("INSERT INTO old VALUES (2, 'Harry')");
    String before = owner.value("SELECT now()::VARCHAR");
    owner.run("CREATE ROW FILTER only_ann ON old FOR ROLE clerk USING (who = 'Ann')");
    owner.run("GRANT SELECT ON old TO USER mallory");
    String sql = "SELECT who FROM old AT (TIMESTAMP => '" + before + "'::TIMESTAMPTZ)";
    assertThat(mallory.query(sql).column(0)).containsExactly("Ann");
    assertThat(owner.query(sql).rows()).hasSize(2);
  }

  @Test
  void timeTravelToATableWhoseGrantIsGoneIsRefused() {
    owner.runAll(
        "CREATE TABLE fleeting (id INTEGER)",
        "INSERT INTO fleeting VALUES (1)",
        "GRANT SELECT ON fleeting TO USER mallory");
    String then = owner.value("SELECT now()::VARCHAR");
    assertThat(mallory.value("SELECT count(*) FROM fleeting")).isEqualTo("1");
    owner.run("REVOKE SELECT ON fleeting FROM USER mallory");
    assertDenied(
        mallory.refusal("SELECT * FROM fleeting AT (TIMESTAMP => '" + then + "'::TIMESTAMPTZ)"));
  }

  @Test
  void aMaskFollowsItsColumnThroughARenameAndBackInTime() {
    owner.runAll(
        "CREATE TABLE turned (id INTEGER, pin VARCHAR)",
        "INSERT INTO turned VALUES (1, '123-45-09')");
    String then = owner.value("SELECT now()::VARCHAR");
    owner.runAll(
        "CREATE COLUMN MASK no_pin ON turned (pin) USING ('***')",
        "ALTER TABLE turned RENAME COLUMN pin TO nip",
        "GRANT SELECT ON turned TO USER mallory");
    assertThat(mallory.query("SELECT nip FROM turned").column(0)).containsExactly("***");
    Answer old =
        mallory.query("SELECT * FROM turned AT (TIMESTAMP => '" + then + "'::TIMESTAMPTZ)");
    assertThat(old.column(1)).containsExactly("***");
  }

  @Test
  void aFilterOverAColumnThatDidNotExistYetShowsNothingOfBefore() {
    owner.runAll("CREATE TABLE grown (id INTEGER)", "INSERT INTO grown VALUES (1), (2)");
    String then = owner.value("SELECT now()::VARCHAR");
    owner.runAll(
        "ALTER TABLE grown ADD COLUMN region VARCHAR",
        "CREATE ROW FILTER here ON grown USING (region = 'here')",
        "GRANT SELECT ON grown TO USER mallory");
    String sql = "SELECT id FROM grown AT (TIMESTAMP => '" + then + "'::TIMESTAMPTZ)";
    try {
      assertThat(mallory.query(sql).rows()).isEmpty();
    } catch (PolderException e) {
      vault.assertTellsNothing(String.valueOf(e.getMessage()), sql);
    }
  }

  @Test
  void grantsDoNotPassToATableMadeAgainUnderTheName() {
    owner.runAll(
        "CREATE TABLE again (id INTEGER)",
        "GRANT SELECT ON again TO USER mallory",
        "DROP TABLE again",
        "CREATE TABLE again (code VARCHAR)",
        "INSERT INTO again VALUES ('S3CRET-9')");
    assertDenied(mallory.refusal("SELECT * FROM again"));
  }

  @Test
  void grantsFollowATableThroughARenameAndDoNotStayWithTheName() {
    owner.runAll(
        "CREATE TABLE moved (id INTEGER)",
        "GRANT SELECT ON moved TO USER mallory",
        "ALTER TABLE moved RENAME TO moved_away",
        "CREATE TABLE moved (code VARCHAR)",
        "INSERT INTO moved VALUES ('S3CRET-8')");
    assertThat(mallory.query("SELECT * FROM moved_away").rows()).isEmpty();
    assertDenied(mallory.refusal("SELECT * FROM moved"));
  }

  @Test
  void aNameElsewhereAnswersAsOneThatIsNowhere() {
    for (String statement :
        List.of(
            "SELECT * FROM %s",
            "INSERT INTO %s VALUES (1)",
            "UPDATE %s SET bar = 1",
            "DELETE FROM %s",
            "TRUNCATE %s",
            "DROP TABLE %s",
            "ALTER TABLE %s RENAME TO x",
            "DESCRIBE %s",
            "SHOW COLUMNS FROM %s",
            "CREATE TABLE pad.stolen AS SELECT * FROM %s",
            "CREATE VIEW pad.stolen AS SELECT * FROM %s",
            "COPY %s TO 'x.csv'",
            "EXPLAIN SELECT * FROM %s",
            "MERGE INTO inbox USING %s ON true WHEN MATCHED THEN DELETE")) {
      String nowhere = answerAbout(statement, "nowhere_db.main.gold");
      assertThat(answerAbout(statement, "globex_vault.main.gold")).as(statement).isEqualTo(nowhere);
      assertThat(answerAbout(statement, "acme_private.main.plans"))
          .as(statement)
          .isEqualTo(nowhere);
    }
  }

  private String answerAbout(String statement, String name) {
    String sql = statement.formatted(name);
    PolderException refusal = mallory.refusal(sql);
    return refusal.code()
        + " "
        + String.valueOf(refusal.getMessage()).replace(name, "NAME")
        + " "
        + refusal.position();
  }

  @Test
  void bindingToADatabaseTellsNothingOfOtherTenants() {
    PolderException other = bindingRefusal("globex_vault");
    PolderException none = bindingRefusal("globex_vaulx");
    assertThat(other.code()).isEqualTo(ErrorCode.DATABASE_NOT_FOUND);
    assertThat(String.valueOf(other.getMessage()).replace("globex_vault", "X"))
        .isEqualTo(String.valueOf(none.getMessage()).replace("globex_vaulx", "X"));
    assertDenied(bindingRefusal("acme_private"));
  }

  private PolderException bindingRefusal(String database) {
    try (TestSession session = vault.server().user(Vault.USER, database)) {
      throw new AssertionError("bound to " + session.session().database());
    } catch (PolderException e) {
      return e;
    }
  }

  @Test
  void usingAnotherTenantsDatabaseAnswersAsOneThatIsNowhere() {
    String other = String.valueOf(mallory.refusal("USE globex_vault").getMessage());
    String none = String.valueOf(mallory.refusal("USE globex_vaulx").getMessage());
    assertThat(other.replace("globex_vault", "X")).isEqualTo(none.replace("globex_vaulx", "X"));
  }

  @Test
  void changesPassByFilteredRows() {
    owner.runAll(
        "DELETE FROM ledger",
        "INSERT INTO ledger VALUES (1, 'eng', 'Ann', '123-45-01'), (2, 'ops', 'Harry',"
            + " '123-45-02')");
    assertThat(mallory.run("UPDATE ledger SET owner = 'me' WHERE id = 2")).isZero();
    assertThat(mallory.run("UPDATE ledger SET owner = 'me'")).isEqualTo(1);
    assertThat(mallory.run("DELETE FROM ledger WHERE owner LIKE 'H%'")).isZero();
    assertThat(
            mallory.run(
                "DELETE FROM ledger WHERE CASE WHEN id = 2 THEN error(owner) ELSE" + " false END"))
        .isZero();
    assertThat(
            mallory.run(
                "MERGE INTO ledger USING (SELECT 2 AS id) s ON ledger.id = s.id WHEN MATCHED THEN"
                    + " UPDATE SET owner = 'me'"))
        .isZero();
    assertThat(mallory.run("DELETE FROM ledger")).isEqualTo(1);
    assertThat(owner.query("SELECT id, owner, ssn FROM ledger").rows())
        .containsExactly(List.of("2", "Harry", "123-45-02"));
  }

  @Test
  void mergeDoesNotTellWhetherAFilteredRowExists() {
    owner.runAll("DELETE FROM ledger", "INSERT INTO ledger VALUES (7, 'ops', 'Harry', NULL)");
    String merge =
        "MERGE INTO ledger USING (SELECT %d AS id) s ON ledger.id = s.id WHEN MATCHED THEN ERROR"
            + " 'there' WHEN NOT MATCHED THEN INSERT VALUES (s.id, 'eng', 'me', NULL)";
    assertThat(mallory.run(merge.formatted(7))).isEqualTo(1);
    assertThat(mallory.run(merge.formatted(8))).isEqualTo(1);
    assertThat(mallory.refusal(merge.formatted(8)).getMessage()).contains("there");
  }

  @Test
  void returningShowsNoHiddenValue() {
    owner.runAll("DELETE FROM ledger", "INSERT INTO ledger VALUES (1, 'eng', 'Ann', '123-45-01')");
    for (String statement :
        List.of(
            "UPDATE ledger SET owner = 'x' RETURNING ssn",
            "UPDATE ledger SET owner = ssn RETURNING owner",
            "DELETE FROM ledger RETURNING *",
            "INSERT INTO ledger SELECT * FROM ledger RETURNING *")) {
      try {
        vault.assertTellsNothing(mallory.query(statement).toString(), statement);
      } catch (PolderException e) {
        vault.assertTellsNothing(String.valueOf(e.getMessage()), statement);
      }
    }
  }

  @Test
  void aMaskedValueIsCopiedMasked() {
    owner.runAll("DELETE FROM ledger", "INSERT INTO ledger VALUES (1, 'eng', 'Ann', '123-45-01')");
    assertThat(mallory.run("UPDATE ledger SET owner = ssn WHERE id = 1")).isEqualTo(1);
    assertThat(owner.query("SELECT owner, ssn FROM ledger").rows())
        .containsExactly(List.of("***", "123-45-01"));
  }

  @Test
  void updatesOfOtherColumnsKeepMaskedValues() {
    owner.runAll("DELETE FROM ledger", "INSERT INTO ledger VALUES (1, 'eng', 'Ann', '123-45-01')");
    assertThat(mallory.run("UPDATE ledger SET owner = 'Bea' WHERE id = 1")).isEqualTo(1);
    assertThat(owner.query("SELECT owner, ssn FROM ledger").rows())
        .containsExactly(List.of("Bea", "123-45-01"));
  }

  @Test
  void maskedValuesDecideNoChange() {
    owner.runAll("DELETE FROM ledger", "INSERT INTO ledger VALUES (1, 'eng', 'Ann', '123-45-01')");
    assertThat(mallory.run("UPDATE ledger SET owner = 'hit' WHERE ssn LIKE '1%'")).isZero();
    assertThat(mallory.run("DELETE FROM ledger WHERE ssn <> '***'")).isZero();
  }

  @Test
  void nobodyWritesARowThatTheirFilterHides() {
    owner.run("DELETE FROM ledger");
    assertDenied(mallory.refusal("INSERT INTO ledger VALUES (5, 'ops', 'me', NULL)"));
    assertThat(mallory.run("INSERT INTO ledger VALUES (6, 'eng', 'me', NULL)")).isEqualTo(1);
    assertDenied(mallory.refusal("UPDATE ledger SET dept = 'ops' WHERE id = 6"));
    assertThat(owner.query("SELECT id, dept FROM ledger").rows())
        .containsExactly(List.of("6", "eng"));
  }

  @Test
  void copiesHoldVisibleRowsAndMaskedValuesOnly() {
    mallory.run("CREATE TABLE pad.copied AS SELECT * FROM staff");
    assertThat(owner.query("SELECT id, salary, ssn FROM pad.copied ORDER BY id").rows())
        .containsExactly(List.of("1", "0", "***"), List.of("2", "0", "***"));
    mallory.run("COPY staff TO 'staff.csv' (FORMAT csv)");
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    vault.server().engine().stagingArea().read(mallory.session(), "staff.csv", file);
    String text = file.toString(StandardCharsets.UTF_8);
    assertThat(text).contains("Ann");
    vault.assertTellsNothing(text, "");
  }

  @Test
  void plansTellNothingOfFilteredAndMaskedTables() {
    for (String explain : List.of("EXPLAIN ", "EXPLAIN ANALYZE ", "EXPLAIN (FORMAT json) ")) {
      String plan = mallory.query(explain + "SELECT * FROM staff WHERE salary > 10").toString();
      vault.assertTellsNothing(plan, "");
      assertThat(plan).doesNotContain("lower(").doesNotContain(".parquet");
    }
  }

  @Test
  void aViewStopsWhenItsOwnerLosesTheGrant() {
    owner.runAll(
        "CREATE TABLE source (id INTEGER)",
        "INSERT INTO source VALUES (1)",
        "CREATE USER vera PASSWORD 'vera-password' TENANT acme",
        "GRANT SELECT ON source TO USER vera",
        "GRANT ALL ON SCHEMA pad TO USER vera");
    try (TestSession vera = vault.server().user("vera", Vault.DATABASE)) {
      vera.run("CREATE VIEW pad.lens AS SELECT * FROM source");
    }
    owner.run("GRANT SELECT ON pad.lens TO USER mallory");
    assertThat(mallory.value("SELECT count(*) FROM pad.lens")).isEqualTo("1");
    owner.run("REVOKE SELECT ON source FROM USER vera");
    assertDenied(mallory.refusal("SELECT count(*) FROM pad.lens"));
  }

  @Test
  void aRoleTakenAwayTakesItsGrants() {
    owner.runAll(
        "CREATE TABLE roled (id INTEGER)",
        "CREATE ROLE reader TENANT acme",
        "GRANT SELECT ON roled TO ROLE reader",
        "GRANT ROLE reader TO USER mallory");
    assertThat(mallory.value("SELECT count(*) FROM roled")).isEqualTo("0");
    owner.run("REVOKE ROLE reader FROM USER mallory");
    assertDenied(mallory.refusal("SELECT count(*) FROM roled"));
  }

  @Test
  void aDisabledUsersOpenSessionEnds() {
    owner.runAll(
        "CREATE USER dan PASSWORD 'dan-password' TENANT acme", "GRANT SELECT ON open TO USER dan");
    try (TestSession dan = vault.server().user("dan", Vault.DATABASE)) {
      assertThat(dan.value("SELECT count(*) FROM open")).isEqualTo("2");
      owner.run("ALTER USER dan DISABLE");
      assertThat(dan.refusal("SELECT count(*) FROM open").code())
          .isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
    }
    assertThatThrownBy(() -> vault.server().user("dan", Vault.DATABASE))
        .isInstanceOf(PolderException.class);
  }

  @Test
  void parametersAreNoNamesAndNoSql() {
    assertThat(mallory.refusal("SELECT * FROM ?", "secret").code())
        .isEqualTo(ErrorCode.SYNTAX_ERROR);
    assertThat(mallory.query("SELECT ? AS x", "(SELECT max(code) FROM secret)").value())
        .isEqualTo("(SELECT max(code) FROM secret)");
    mallory.refusal("SELECT * FROM query_table(?)", "secret");
    mallory.refusal("SELECT * FROM read_text(?)", "/etc/passwd");
  }

  @Test
  void theOtherTenantSeesItsOwnAndNothingElse() {
    try (TestSession gus = vault.server().user("gus", "globex_vault")) {
      assertThat(gus.value("SELECT bar FROM gold")).isEqualTo("GOLD-BAR");
      assertThat(
              gus.query(
                      "SELECT table_name FROM information_schema.tables WHERE table_schema ="
                          + " 'main'")
                  .column(0))
          .containsExactly("gold");
      assertThat(gus.refusal("SELECT * FROM acme_vault.main.open").code())
          .isEqualTo(ErrorCode.COLLECTION_NOT_FOUND);
    }
  }
}
