package dev.polder.server.suite.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.server.suite.TestServer;
import dev.polder.server.suite.TestSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two sessions at the same tables: what each sees, and whose commit is refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TransactionsTest {
  private TestServer server;
  private TestSession one;
  private TestSession two;

  @BeforeAll
  void start(@TempDir Path directory) {
    server = TestServer.start(directory);
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void tables() {
    one = server.admin();
    two = server.admin();
    tables("copy-on-write");
  }

  private void tables(String mode) {
    one.runAll(
        """
        CREATE OR REPLACE TABLE account (id INTEGER, amount INTEGER) WITH
        ('write.delete.mode' = '%1$s', 'write.update.mode' = '%1$s', 'write.merge.mode' = '%1$s')
        """
            .formatted(mode),
        "CREATE OR REPLACE TABLE entry (id INTEGER, account INTEGER, amount INTEGER)",
        "INSERT INTO account VALUES (1, 100), (2, 100)");
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  private static void assertConflict(PolderException refusal) {
    assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(ErrorCode.TRANSACTION_CONFLICT);
    assertThat(refusal.code().sqlState()).isEqualTo("40001");
  }

  private String amount(int id) {
    return one.value("SELECT amount FROM account WHERE id = " + id);
  }

  @Test
  void aTransactionReadsItsOwnWritesInAllItsTables() {
    one.runAll(
        "BEGIN",
        "INSERT INTO entry VALUES (1, 1, -30)",
        "UPDATE account SET amount = amount - 30 WHERE id = 1",
        "INSERT INTO account VALUES (3, 30)",
        "DELETE FROM account WHERE id = 2");
    assertThat(one.query("SELECT id, amount FROM account ORDER BY id").rows())
        .containsExactly(List.of("1", "70"), List.of("3", "30"));
    assertThat(
            one.value(
                "SELECT sum(e.amount) + max(a.amount) FROM entry e JOIN account a ON a.id ="
                    + " e.account"))
        .isEqualTo("40");
    assertThat(two.value("SELECT sum(amount) FROM account")).isEqualTo("200");
    assertThat(two.value("SELECT count(*) FROM entry")).isEqualTo("0");
    one.run("COMMIT");
    assertThat(two.value("SELECT sum(amount) FROM account")).isEqualTo("100");
    assertThat(two.value("SELECT count(*) FROM entry")).isEqualTo("1");
  }

  @Test
  void aTransactionChangesItsOwnNewRows() {
    one.runAll(
        "BEGIN",
        "INSERT INTO entry VALUES (1, 1, 1), (2, 1, 2), (3, 1, 3)",
        "UPDATE entry SET amount = 20 WHERE id = 2",
        "DELETE FROM entry WHERE id = 1",
        "MERGE INTO entry USING (SELECT 3 AS id) s ON entry.id = s.id WHEN MATCHED THEN UPDATE SET"
            + " amount = 30");
    assertThat(one.query("SELECT id, amount FROM entry ORDER BY id").rows())
        .containsExactly(List.of("2", "20"), List.of("3", "30"));
    one.run("COMMIT");
    assertThat(two.query("SELECT id, amount FROM entry ORDER BY id").rows())
        .containsExactly(List.of("2", "20"), List.of("3", "30"));
  }

  @Test
  void rollbackLeavesNothing() {
    one.runAll("BEGIN", "INSERT INTO entry VALUES (1, 1, 1)", "DELETE FROM account", "ROLLBACK");
    assertThat(one.value("SELECT count(*) FROM account")).isEqualTo("2");
    assertThat(one.value("SELECT count(*) FROM entry")).isEqualTo("0");
    assertThat(one.session().inTransaction()).isFalse();
  }

  @Test
  void aTransactionKeepsItsSnapshotOverAllTables() {
    one.run("BEGIN");
    assertThat(one.value("SELECT count(*) FROM entry")).isEqualTo("0");
    two.runAll("INSERT INTO entry VALUES (1, 1, 1)", "UPDATE account SET amount = 0");
    assertThat(one.value("SELECT count(*) FROM entry")).isEqualTo("0");
    assertThat(one.value("SELECT sum(amount) FROM account")).isEqualTo("200");
    one.run("COMMIT");
    assertThat(one.value("SELECT sum(amount) FROM account")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"copy-on-write", "merge-on-read"})
  void anUpdateIsNeverLost(String mode) {
    tables(mode);
    one.run("BEGIN");
    two.run("BEGIN");
    one.run("UPDATE account SET amount = amount + 10 WHERE id = 1");
    two.run("UPDATE account SET amount = amount + 1 WHERE id = 1");
    one.run("COMMIT");
    assertConflict(two.refusal("COMMIT"));
    assertThat(amount(1)).isEqualTo("110");
    assertThat(two.session().inTransaction()).isFalse();
    two.run("UPDATE account SET amount = amount + 1 WHERE id = 1");
    assertThat(amount(1)).isEqualTo("111");
  }

  @ParameterizedTest
  @ValueSource(strings = {"copy-on-write", "merge-on-read"})
  void aDeleteAgainstAnUpdateIsRefused(String mode) {
    tables(mode);
    one.run("BEGIN");
    one.run("DELETE FROM account WHERE id = 1");
    two.run("UPDATE account SET amount = 7 WHERE id = 1");
    assertConflict(one.refusal("COMMIT"));
    assertThat(amount(1)).isEqualTo("7");
  }

  @Test
  void insertsDoNotConflict() {
    one.run("BEGIN");
    two.run("BEGIN");
    one.run("INSERT INTO entry VALUES (1, 1, 1)");
    two.run("INSERT INTO entry VALUES (2, 2, 2)");
    one.run("COMMIT");
    two.run("COMMIT");
    assertThat(one.query("SELECT id FROM entry ORDER BY id").column(0)).containsExactly("1", "2");
  }

  @Test
  void underSnapshotIsolationAnInsertPassesBesideADelete() {
    one.runAll("BEGIN", "DELETE FROM account WHERE amount >= 100");
    two.run("INSERT INTO account VALUES (3, 500)");
    one.run("COMMIT");
    assertThat(one.query("SELECT id FROM account").column(0)).containsExactly("3");
  }

  @Test
  void serializableRefusesAnInsertThatADeleteWouldHaveMet() {
    one.runAll("BEGIN ISOLATION LEVEL SERIALIZABLE", "DELETE FROM account WHERE amount >= 100");
    two.run("INSERT INTO account VALUES (3, 500)");
    assertConflict(one.refusal("COMMIT"));
    assertThat(one.value("SELECT count(*) FROM account")).isEqualTo("3");
  }

  @Test
  void snapshotIsolationAllowsWriteSkew() {
    one.run("BEGIN");
    two.run("BEGIN");
    skew(one, 1);
    skew(two, 2);
    one.run("COMMIT");
    two.run("COMMIT");
    assertThat(one.value("SELECT sum(amount) FROM entry")).isEqualTo("-300");
  }

  @Test
  void serializableRefusesWriteSkew() {
    one.run("BEGIN ISOLATION LEVEL SERIALIZABLE");
    two.run("BEGIN ISOLATION LEVEL SERIALIZABLE");
    skew(one, 1);
    skew(two, 2);
    one.run("COMMIT");
    assertConflict(two.refusal("COMMIT"));
    assertThat(one.value("SELECT sum(amount) FROM entry")).isEqualTo("-150");
  }

  /** Takes 150 from an account if all entries leave enough, which only holds for one of two. */
  private static void skew(TestSession session, int account) {
    assertThat(
            session.run(
                "INSERT INTO entry SELECT "
                    + account
                    + ", "
                    + account
                    + ", -150 WHERE (SELECT coalesce(sum(amount), 0) FROM entry) + (SELECT"
                    + " sum(amount) FROM account) >= 150"))
        .isEqualTo(1);
  }

  @Test
  void serializableReadersOfOtherTablesAreNotRefused() {
    one.run("BEGIN ISOLATION LEVEL SERIALIZABLE");
    one.run("INSERT INTO entry SELECT 1, id, amount FROM account WHERE id = 1");
    two.run("CREATE OR REPLACE TABLE elsewhere (id INTEGER)");
    two.run("INSERT INTO elsewhere VALUES (1)");
    one.run("COMMIT");
    assertThat(one.value("SELECT count(*) FROM entry")).isEqualTo("1");
  }

  @Test
  void aRefusedStatementAbortsItsTransaction() {
    one.runAll("BEGIN", "INSERT INTO entry VALUES (1, 1, 1)");
    assertThat(one.refusal("SELECT * FROM nowhere").code())
        .isEqualTo(ErrorCode.COLLECTION_NOT_FOUND);
    PolderException after = one.refusal("SELECT 1");
    assertThat(after.code()).isEqualTo(ErrorCode.TRANSACTION_ABORTED);
    one.run("ROLLBACK");
    assertThat(one.value("SELECT count(*) FROM entry")).isEqualTo("0");
  }

  @Test
  void beginIsRefusedInATransactionAndCommitOutsideIsNoticed() {
    one.run("COMMIT");
    assertThat(one.session().notices().toString()).contains("NO_ACTIVE_TRANSACTION");
    one.run("BEGIN");
    assertThat(one.refusal("BEGIN").code()).isEqualTo(ErrorCode.TRANSACTION_ACTIVE);
    one.run("ROLLBACK");
  }

  @Test
  void aReadOnlyTransactionWritesNothing() {
    one.run("BEGIN READ ONLY");
    assertThat(one.refusal("INSERT INTO entry VALUES (1, 1, 1)").code())
        .isEqualTo(ErrorCode.READ_ONLY);
    one.run("ROLLBACK");
  }

  @Test
  void aClosedSessionLeavesNothingOfItsTransaction() {
    try (TestSession third = server.admin()) {
      third.runAll("BEGIN", "INSERT INTO entry VALUES (1, 1, 1)", "DELETE FROM account");
    }
    assertThat(one.value("SELECT count(*) FROM entry")).isEqualTo("0");
    assertThat(one.value("SELECT count(*) FROM account")).isEqualTo("2");
  }

  @Test
  void concurrentIncrementsThatAreRepeatedOnConflictAllCount() throws Exception {
    int sessions = 3;
    int rounds = 4;
    CountDownLatch begin = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(sessions)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        running.add(
            threads.submit(() -> {
              begin.await();
              try (TestSession session = server.admin()) {
                for (int round = 0; round < rounds; round++) {
                  increment(session);
                }
              }
              return null;
            }));
      }
      begin.countDown();
      for (Future<?> each : running) {
        each.get();
      }
    }
    assertThat(amount(1)).isEqualTo(Integer.toString(100 + sessions * rounds));
  }

  private static void increment(TestSession session) {
    while (true) {
      try {
        session.run("UPDATE account SET amount = amount + 1 WHERE id = 1");
        return;
      } catch (PolderException e) {
        assertConflict(e);
      }
    }
  }
}
