package dev.polder.engine.internal.session;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.refused;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import dev.polder.model.ErrorCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which database a session works in, and what moving to another one takes along. */
final class BindingTest {
  private static final String PASSWORD = "another long password";

  private EngineHarness engine;
  private Session admin;

  @BeforeEach
  void start(@TempDir Path directory) {
    engine = new EngineHarness(directory);
    admin = engine.admin();
    run(admin, "CREATE TENANT acme");
    for (String name : List.of("one", "two", "three")) {
      run(admin, "CREATE DATABASE " + name + " FOR TENANT acme");
    }
    run(admin, "CREATE USER ann PASSWORD '" + PASSWORD + "' TENANT acme");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private static String message(ThrowingCallable call) {
    return String.valueOf(catchThrowable(call).getMessage());
  }

  private Session ann(String database) {
    return engine.open("ann", PASSWORD, database);
  }

  private String boundByDefault() {
    try (Session session = engine.open("ann", PASSWORD, Optional.empty(), Optional.empty())) {
      return session.database().value();
    }
  }

  private void grantReader(String database) {
    run(admin, "GRANT DATABASE_READER ON DATABASE " + database + " TO ann");
  }

  @Test
  void theNameAskedForGoesBeforeTheUsersDefaultAndThatBeforeTheTenants() {
    grantReader("one");
    grantReader("two");
    grantReader("three");
    refused(ErrorCode.DATABASE_NOT_FOUND, this::boundByDefault);
    run(admin, "ALTER TENANT acme SET DEFAULT DATABASE one");
    assertThat(boundByDefault()).isEqualTo("one");
    run(admin, "ALTER USER ann SET DEFAULT DATABASE two");
    assertThat(boundByDefault()).isEqualTo("two");
    assertThat(ann("three").database().value()).isEqualTo("three");
    assertThat(column(admin, "SHOW USERS", "default_database")).contains("two");
    assertThat(column(admin, "SHOW TENANTS", "default_database")).contains("one");
    run(admin, "ALTER USER ann SET DEFAULT DATABASE NONE");
    assertThat(boundByDefault()).isEqualTo("one");
    run(admin, "ALTER TENANT acme RESET DEFAULT DATABASE");
    refused(ErrorCode.DATABASE_NOT_FOUND, this::boundByDefault);
  }

  @Test
  void aDefaultFollowsItsDatabaseAndNothingTakesItsPlace() {
    grantReader("one");
    grantReader("two");
    run(admin, "ALTER TENANT acme SET DEFAULT DATABASE two");
    try (Session session = ann("one")) {
      run(session, "ALTER USER ann SET DEFAULT DATABASE one");
    }
    run(admin, "ALTER DATABASE one RENAME TO uno");
    run(admin, "CREATE DATABASE one FOR TENANT acme");
    assertThat(boundByDefault()).isEqualTo("uno");
    run(admin, "DROP DATABASE uno");
    refused(ErrorCode.DATABASE_NOT_FOUND, this::boundByDefault);
    run(admin, "UNDROP DATABASE uno");
    assertThat(boundByDefault()).isEqualTo("uno");
    run(admin, "REVOKE DATABASE_READER ON DATABASE uno FROM ann");
    refused(ErrorCode.ACCESS_DENIED, this::boundByDefault);
  }

  @Test
  void aRenamedDefaultDatabaseIsStillTheOneThatSessionsBeginIn() {
    run(admin, "CREATE TABLE t (i INTEGER)");
    run(admin, "ALTER DATABASE default RENAME TO main_db");
    run(admin, "CREATE DATABASE default");
    Session unnamed = engine.admin();
    assertThat(unnamed.database().value()).isEqualTo("main_db");
    assertThat(run(unnamed, "SELECT * FROM t")).isEmpty();
    refused(
        ErrorCode.CANNOT_DROP_DEFAULT_DATABASE, () -> run(admin, "DROP DATABASE main_db CASCADE"));
    run(admin, "DROP DATABASE default");
  }

  @Test
  void anUnknownNameIsRefusedAndNothingIsWrittenElsewhere() {
    run(admin, "CREATE TABLE t (i INTEGER)");
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> ann("nowhere"));
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> ann("no such name; at all"));
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> engine.admin("default", "nowhere"));
    assertThat(run(admin, "SELECT * FROM t")).isEmpty();
  }

  @Test
  void aFreshPrincipalBindsToNothingUntilGranted() {
    run(admin, "CREATE USER fresh PASSWORD '" + PASSWORD + "'");
    refused(
        ErrorCode.ACCESS_DENIED,
        () -> engine.open("fresh", PASSWORD, Optional.empty(), Optional.empty()));
    refused(ErrorCode.ACCESS_DENIED, () -> engine.open("fresh", PASSWORD, "default"));
    refused(ErrorCode.ACCESS_DENIED, () -> ann("one"));
    run(admin, "GRANT DATABASE_READER ON DATABASE default TO fresh");
    assertThat(engine.open("fresh", PASSWORD, "default").database().value()).isEqualTo("default");
  }

  @Test
  void whoCannotLogInLearnsNothingOfNames() {
    String unknown = message(() -> engine.open("ann", "a wrong password", "nowhere"));
    assertThat(message(() -> engine.open("ann", "a wrong password", "one"))).isEqualTo(unknown);
    refused(ErrorCode.INVALID_PASSWORD, () -> engine.open("ann", "a wrong password", "nowhere"));
  }

  @Test
  void onesOwnDefaultTellsNoMoreOfNamesThanBinding() {
    grantReader("one");
    run(admin, "CREATE DATABASE elsewhere");
    Session session = ann("one");
    String absent = message(() -> run(session, "ALTER USER ann SET DEFAULT DATABASE elsewherx"));
    String others = message(() -> run(session, "ALTER USER ann SET DEFAULT DATABASE elsewhere"));
    assertThat(others).isEqualTo(absent.replace("elsewherx", "elsewhere"));
    refused(
        ErrorCode.DATABASE_NOT_FOUND,
        () -> run(session, "ALTER USER ann SET DEFAULT DATABASE elsewhere"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(session, "ALTER USER ann SET DEFAULT DATABASE two"));
  }

  @Test
  void useEndsTheTransactionAndForgetsWhatWasPrepared() {
    Session session = engine.admin("acme", "one");
    run(session, "CREATE TABLE t (i INTEGER)");
    run(session, "PREPARE q AS SELECT 1");
    run(session, "BEGIN");
    run(session, "INSERT INTO t VALUES (1)");
    run(session, "USE DATABASE two");
    assertThat(session.inTransaction()).isFalse();
    assertThat(session.database().value()).isEqualTo("two");
    refused(ErrorCode.PREPARED_STATEMENT_NOT_FOUND, () -> run(session, "EXECUTE q"));
    refused(ErrorCode.COLLECTION_NOT_FOUND, () -> run(session, "SELECT * FROM t"));
    run(session, "USE one");
    assertThat(run(session, "SELECT * FROM t")).describedAs("was rolled back").isEmpty();
  }

  @Test
  void aRefusedUseLeavesTransactionAndPreparedStatementsUntouched() {
    run(admin, "GRANT DATABASE_EDITOR ON DATABASE one TO ann");
    run(engine.admin("acme", "one"), "CREATE TABLE t (i INTEGER)");
    Session session = ann("one");
    run(session, "PREPARE q AS SELECT count(*) AS n FROM t");
    run(session, "BEGIN");
    run(session, "INSERT INTO t VALUES (1)");
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> run(session, "USE DATABASE nowhere"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(session, "USE DATABASE two"));
    refused(ErrorCode.SCHEMA_NOT_FOUND, () -> run(session, "USE one.nothing"));
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> run(session, "USE nothing"));
    assertThat(session.inTransaction()).isTrue();
    assertThat(column(session, "EXECUTE q", "n")).containsExactly(1L);
    run(session, "COMMIT");
    assertThat(column(session, "EXECUTE q", "n")).containsExactly(1L);
  }

  @Test
  void useLeavesAFailedTransactionBehind() {
    Session session = engine.admin("acme", "one");
    run(session, "BEGIN");
    refused(ErrorCode.COLLECTION_NOT_FOUND, () -> run(session, "SELECT * FROM nothing"));
    refused(ErrorCode.TRANSACTION_ABORTED, () -> run(session, "SELECT 1"));
    refused(ErrorCode.TRANSACTION_ABORTED, () -> run(session, "USE main"));
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> run(session, "USE DATABASE nowhere"));
    refused(ErrorCode.TRANSACTION_ABORTED, () -> run(session, "SELECT 1"));
    run(session, "USE DATABASE two");
    assertThat(run(session, "SELECT 1")).hasSize(1);
  }

  @Test
  void useOfASchemaKeepsTheTransactionAndThatOfADatabaseDoesNot() {
    Session session = engine.admin("acme", "one");
    run(session, "CREATE SCHEMA s");
    run(session, "BEGIN");
    run(session, "USE s");
    assertThat(session.inTransaction()).isTrue();
    run(session, "USE one.s");
    assertThat(session.inTransaction()).isFalse();
  }

  @Test
  void aSessionStaysWithItsDatabaseThroughRenames() {
    Session session = engine.admin("acme", "one");
    run(session, "CREATE TABLE t (i INTEGER)");
    run(admin, "ALTER DATABASE one RENAME TO uno");
    run(admin, "CREATE DATABASE one FOR TENANT acme");
    assertThat(run(session, "SELECT * FROM t")).isEmpty();
    assertThat(session.database().value()).isEqualTo("uno");
    run(session, "GRANT SELECT ON DATABASE uno TO USER ann");
    assertThat(ann("uno").database().value()).isEqualTo("uno");
  }

  @Test
  void fromADroppedDatabaseASessionMovesOn() {
    Session session = engine.admin("acme", "one");
    run(admin, "DROP DATABASE one");
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> run(session, "SELECT * FROM t"));
    run(session, "USE two");
    assertThat(session.database().value()).isEqualTo("two");
  }
}
