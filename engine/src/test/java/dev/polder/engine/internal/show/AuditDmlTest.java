package dev.polder.engine.internal.show;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Result;
import dev.polder.engine.Session;
import dev.polder.engine.StatementOptions;
import dev.polder.model.PolderException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of rows and reads in the audit trail. */
final class AuditDmlTest {
  private static final String PASSWORD = "another long password";

  private EngineHarness engine;
  private Session admin;
  private Session prod;

  @BeforeEach
  void start(@TempDir Path directory) {
    engine = new EngineHarness(directory);
    admin = engine.admin();
    run(admin, "CREATE TENANT acme");
    run(admin, "CREATE DATABASE prod FOR TENANT acme");
    run(admin, "CREATE USER rita PASSWORD '" + PASSWORD + "' TENANT acme");
    run(admin, "CREATE USER olga PASSWORD '" + PASSWORD + "' TENANT acme");
    run(admin, "GRANT DATABASE_READER ON DATABASE prod TO rita");
    run(admin, "GRANT DATABASE_OWNER ON DATABASE prod TO olga");
    prod = engine.admin("acme", "prod");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private List<String> dml() {
    engine.audit().flush();
    return column(admin, "SHOW AUDIT IN DATABASE prod WHERE event_type = 'dml'", "detail")
        .reversed()
        .stream()
        .map(Object::toString)
        .toList();
  }

  private static String part(String detail, String key) {
    return detail.replaceAll(".*\"" + key + "\":\"((?:[^\"\\\\]|\\\\.)*)\".*", "$1");
  }

  @Test
  void copiesFromFilesAreAuditedWithTheirRowsAndNotTheirData() {
    run(prod, "CREATE TABLE t AS SELECT i AS id, 'secret' AS name FROM range(3) r(i)");
    run(prod, "COPY t TO 'rows.csv'");
    run(admin, "ALTER DATABASE prod SET AUDIT_DML = 'writes'");
    run(prod, "COPY t FROM 'rows.csv'");
    assertThat(dml())
        .singleElement()
        .satisfies(detail -> {
          assertThat(part(detail, "operation") + " " + part(detail, "row_count"))
              .isEqualTo("COPY FROM 3");
          assertThat(part(detail, "tables")).isEqualTo("main.t");
          assertThat(part(detail, "statement_digest")).startsWith("copy t from");
          assertThat(detail).contains("commit_seq").doesNotContain("secret").doesNotContain("csv");
        });
  }

  @Test
  void changesOfRowsAreAuditedWithWhoWhatAndHowMuch() {
    run(prod, "CREATE TABLE t (id BIGINT, name VARCHAR)");
    run(prod, "INSERT INTO t VALUES (0, 'before')");
    assertThat(dml()).isEmpty();
    run(admin, "ALTER DATABASE prod SET AUDIT_DML = 'writes'");
    run(prod, "INSERT INTO t VALUES (1, 'secret'), (2, 'b')");
    run(prod, "UPDATE t SET name = 'c' WHERE id = 1");
    run(prod, "DELETE FROM t WHERE id = 99");
    run(prod, "CREATE TABLE u AS SELECT * FROM t");
    run(prod, "INSERT INTO u SELECT * FROM t WHERE id > 0 RETURNING id");
    run(
        prod,
        "MERGE INTO t USING (SELECT DISTINCT id, name FROM u) AS u ON t.id = u.id WHEN MATCHED THEN"
            + " UPDATE SET name = u.name");
    run(prod, "SELECT * FROM t");
    run(prod, "TRUNCATE u");
    List<String> dml = dml();
    assertThat(dml)
        .extracting(detail -> part(detail, "operation") + " " + part(detail, "row_count"))
        .containsExactlyInAnyOrder(
            "INSERT 2",
            "UPDATE 1",
            "DELETE 0",
            "CREATE TABLE AS 3",
            "INSERT 2",
            "MERGE 3",
            "TRUNCATE 5");
    String insert = dml.getFirst();
    assertThat(insert).doesNotContain("secret");
    assertThat(part(insert, "statement_digest")).startsWith("insert into t values (?");
    assertThat(part(insert, "tables")).isEqualTo("main.t");
    assertThat(part(insert, "tenant_id")).isEqualTo("acme");
    assertThat(part(insert, "user_id")).isEqualTo(admin.identity().id().value());
    assertThat(part(insert, "commit_seq")).matches("[0-9]+");
    String filled =
        dml.stream().filter(detail -> detail.contains("CREATE TABLE AS")).findFirst().orElseThrow();
    assertThat(part(filled, "tables")).contains("main.t").contains("main.u");
    run(admin, "ALTER DATABASE prod SET AUDIT_DML = 'none'");
    run(prod, "INSERT INTO t VALUES (5, 'after')");
    assertThat(dml()).hasSize(7);
  }

  @Test
  void readsAreAuditedWithTheRowsThatWereHandedOut() {
    run(prod, "CREATE TABLE t AS SELECT range AS id FROM range(10)");
    run(prod, "CREATE VIEW v AS SELECT id FROM t WHERE id < 3");
    run(admin, "ALTER DATABASE prod SET AUDIT_DML = 'all'");
    run(prod, "SELECT * FROM t");
    run(prod, "SELECT * FROM v WHERE id > 100");
    run(prod, "EXPLAIN SELECT * FROM t");
    run(prod, "EXPLAIN ANALYZE SELECT * FROM t");
    run(prod, "COPY (SELECT * FROM v) TO 'out.parquet'");
    run(prod, "PREPARE p AS SELECT id FROM t WHERE id = ?");
    run(prod, "EXECUTE p(4)");
    assertThat(dml())
        .extracting(detail -> part(detail, "operation") + " " + part(detail, "tables"))
        .containsExactly(
            "SELECT main.t",
            "SELECT main.v",
            "EXPLAIN ANALYZE main.t",
            "COPY TO main.v",
            "SELECT main.t");
    assertThat(dml()).extracting(detail -> part(detail, "row_count")).contains("10", "0", "3", "1");
  }

  @Test
  void aRolledBackChangeIsNotAuditedAndACommittedTransactionTellsOfEachStatement() {
    run(prod, "CREATE TABLE t (id BIGINT)");
    run(admin, "ALTER DATABASE prod SET AUDIT_DML = 'writes'");
    run(prod, "BEGIN");
    run(prod, "INSERT INTO t VALUES (1)");
    run(prod, "ROLLBACK");
    assertThat(dml()).isEmpty();
    run(prod, "BEGIN");
    run(prod, "INSERT INTO t VALUES (1), (2)");
    run(prod, "DELETE FROM t WHERE id = 1");
    run(prod, "COMMIT");
    assertThat(dml())
        .extracting(detail -> part(detail, "operation") + " " + part(detail, "row_count"))
        .containsExactly("INSERT 2", "DELETE 1");
    assertThat(dml().stream().map(detail -> part(detail, "commit_seq")).distinct()).hasSize(1);
  }

  private List<String> outcomes() {
    engine.audit().flush();
    return run(admin, "SHOW AUDIT IN DATABASE prod WHERE event_type = 'dml'").reversed().stream()
        .map(row ->
            part(row.get("detail").toString(), "operation")
                + " "
                + part(row.get("detail").toString(), "row_count")
                + " "
                + row.get("outcome"))
        .toList();
  }

  @Test
  void aReadIsToldWhereItRanWhateverItsSessionUsesMeanwhile() {
    run(prod, "CREATE TABLE t AS SELECT range AS id FROM range(10)");
    run(admin, "CREATE DATABASE quiet FOR TENANT acme");
    run(admin, "ALTER DATABASE prod SET AUDIT_DML = 'all'");
    Result.Rows held =
        (Result.Rows) prod.execute("SELECT id FROM t", List.of(), StatementOptions.defaults());
    while (held.next()) {
      assertThat(held.root().getRowCount()).isPositive();
    }
    run(prod, "USE DATABASE quiet");
    run(prod, "SELECT 1");
    held.close();
    assertThat(outcomes()).containsExactly("SELECT 10 SUCCESS");
    assertThat(column(admin, "SHOW AUDIT IN DATABASE quiet", "event_type")).doesNotContain("dml");
    assertThat(part(dml().getFirst(), "tables")).isEqualTo("main.t");
  }

  @Test
  void rowsThatARolledBackTransactionHandedOutAreTold() {
    run(prod, "CREATE TABLE secret AS SELECT range AS id FROM range(10)");
    run(prod, "CREATE TABLE mine (id BIGINT)");
    run(admin, "ALTER DATABASE prod SET AUDIT_DML = 'all'");
    run(prod, "BEGIN");
    assertThat(run(prod, "DELETE FROM secret WHERE id < 4 RETURNING id")).hasSize(4);
    run(prod, "ROLLBACK");
    run(prod, "BEGIN");
    run(prod, "INSERT INTO mine SELECT * FROM secret RETURNING id");
    run(prod, "INSERT INTO mine VALUES (1)");
    run(prod, "USE prod");
    assertThat(outcomes()).containsExactly("DELETE 4 SUCCESS", "INSERT 10 SUCCESS");
    assertThat(part(dml().getLast(), "tables")).contains("main.secret");
    assertThat(dml()).noneMatch(detail -> detail.contains("commit_seq"));
  }

  @Test
  void whatReadAndDidNotComeToItsEndIsToldAsFailed() {
    run(prod, "CREATE TABLE t AS SELECT 'x' || range AS name, range AS id FROM range(10)");
    run(admin, "ALTER DATABASE prod SET AUDIT_DML = 'all'");
    for (String sql :
        List.of(
            "SELECT CAST(name AS INTEGER) FROM t",
            "COPY (SELECT CAST(name AS INTEGER) FROM t) TO 'out.csv'",
            "EXPLAIN ANALYZE SELECT CAST(name AS INTEGER) FROM t",
            "UPDATE t SET id = CAST(name AS INTEGER)")) {
      assertThatThrownBy(() -> run(prod, sql)).as(sql).isInstanceOf(PolderException.class);
    }
    prod.execute("SELECT * FROM t", List.of(), StatementOptions.defaults()).close();
    assertThat(outcomes())
        .containsExactly(
            "SELECT 0 FAILED",
            "COPY TO 0 FAILED",
            "EXPLAIN ANALYZE 0 FAILED",
            "UPDATE 0 FAILED",
            "SELECT 0 FAILED");
  }

  @Test
  void statementsOfATransactionThatAreAlikeAreToldAsOne() {
    run(prod, "CREATE TABLE t (id BIGINT)");
    run(admin, "ALTER DATABASE prod SET AUDIT_DML = 'writes'");
    run(prod, "BEGIN");
    for (int i = 0; i < 5; i++) {
      run(prod, "INSERT INTO t VALUES (" + i + ")");
    }
    run(prod, "DELETE FROM t WHERE id = 1");
    run(prod, "COMMIT");
    assertThat(outcomes()).containsExactly("INSERT 5 SUCCESS", "DELETE 1 SUCCESS");
    assertThat(part(dml().getFirst(), "count")).isEqualTo("5");
  }
}
