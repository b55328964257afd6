package dev.polder.engine.internal.show;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.refused;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Result;
import dev.polder.engine.Session;
import dev.polder.engine.StatementOptions;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import dev.polder.policy.Identity;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be taken back is in the trail before it is done, and what is refused is not. */
final class AuditedFirstTest {
  @TempDir Path directory;
  private EngineHarness engine;
  private Session admin;

  @BeforeEach
  void start() {
    engine = new EngineHarness(directory);
    admin = engine.admin();
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private void metastore(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("metastore.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute(sql);
    }
  }

  private List<Object> told(String event) {
    return column(
        admin,
        "SHOW AUDIT IN DATABASE \"default\" WHERE event_type = '" + event + "'",
        "event_type");
  }

  @Test
  void a_statement_is_not_cancelled_before_the_trail_has_it() throws Exception {
    UUID id = UUID.randomUUID();
    Session reader = engine.admin();
    StatementOptions options = new StatementOptions(id, Optional.empty());
    try (Result.Rows rows =
        (Result.Rows) reader.execute("SELECT * FROM range(50000000)", List.of(), options)) {
      assertThat(rows.next()).isTrue();
      metastore(
          "CREATE TRIGGER full BEFORE INSERT ON audit WHEN NEW.event_type ="
              + " 'statement_cancelled' BEGIN SELECT RAISE(ABORT, 'full'); END");
      for (UUID named : List.of(id, reader.id().value())) {
        assertThatThrownBy(() -> run(admin, "KILL QUERY '" + named + "'"))
            .isInstanceOf(RuntimeException.class);
        assertThat(rows.next()).as("it still runs").isTrue();
      }
      assertThat(told("statement_cancelled")).isEmpty();
      metastore("DROP TRIGGER full");
      run(admin, "KILL QUERY '" + id + "'");
      assertThat(told("statement_cancelled")).hasSize(1);
      assertThatThrownBy(
              () -> {
                while (rows.next()) {
                  assertThat(rows.root().getRowCount()).isPositive();
                }
              })
          .isInstanceOfSatisfying(
              PolderException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STATEMENT_CANCELLED));
    }
    refused(ErrorCode.SESSION_NOT_FOUND, () -> run(admin, "KILL QUERY '" + id + "'"));
    assertThat(told("statement_cancelled")).hasSize(1);
  }

  @Test
  void a_state_is_told_to_be_sent_exactly_when_it_is_given_out() {
    run(admin, "CREATE DATABASE prod");
    run(admin, "MIRROR DATABASE copy FROM prod");
    Identity who =
        engine.authenticator().password("admin", Secret.of(EngineHarness.ADMIN_PASSWORD));
    refused(
        ErrorCode.CANNOT_CLONE_MIRROR,
        () -> engine.engine().mirrorFeed().snapshot(who, new DatabaseName("copy")));
    assertThat(sent("copy")).isEmpty();
    assertThat(engine.engine().mirrorFeed().snapshot(who, new DatabaseName("prod"))).isNotEmpty();
    assertThat(sent("prod")).containsExactly("database_sent");
  }

  private List<Object> sent(String database) {
    return column(
        admin,
        "SHOW AUDIT IN DATABASE " + database + " WHERE event_type = 'database_sent'",
        "event_type");
  }
}
