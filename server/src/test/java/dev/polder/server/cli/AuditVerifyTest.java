package dev.polder.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.server.LiveServer;
import dev.polder.server.table.Style;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code polder audit verify} on a trail that somebody wrote into behind the server's back. */
final class AuditVerifyTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aBrokenChainEndsWithOneAndSaysSo(@TempDir Path data) throws Exception {
    try (LiveServer server = new LiveServer(Map.of("POLDER_DATA_DIR", data.toString()))) {
      server.admin("CREATE DATABASE prod");
      server.admin("ALTER DATABASE prod RENAME TO trail");
      server.admin("ALTER DATABASE trail SET IDLE_TIMEOUT 60");
      assertThat(verify(server, "--in-database", "trail")).isZero();
      assertThat(err.toString()).isEmpty();
      tamper(data);
      assertThat(verify(server, "--in-database", "trail")).isEqualTo(1);
      assertThat(err.toString())
          .contains(
              "the audit trail of database trail is broken: record 2 is not what was written");
      assertThat(verify(server)).isZero();
    }
  }

  private static void tamper(Path data) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve("metastore.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 30000");
      assertThat(
              statement.executeUpdate(
                  "UPDATE audit SET object = 'nothing' WHERE event_type = 'database_renamed'"))
          .isEqualTo(1);
    }
  }

  private int verify(LiveServer server, String... more) {
    Screen screen =
        new Screen(new PrintWriter(out, true), new PrintWriter(err, true), Style.PLAIN, false);
    Cli cli =
        new Cli(
            configuration -> {
              throw new IllegalStateException("no server is started here");
            },
            screen,
            Map.of(
                "POLDER_URL",
                server.http().toString(),
                "POLDER_USER",
                LiveServer.ADMIN,
                "POLDER_PASSWORD",
                LiveServer.PASSWORD));
    String[] line = new String[2 + more.length];
    line[0] = "audit";
    line[1] = "verify";
    System.arraycopy(more, 0, line, 2, more.length);
    return cli.run(line);
  }
}
