package dev.polder.federation.flight;

import static dev.polder.federation.ReadingEngine.column;
import static dev.polder.federation.ReadingEngine.compare;
import static dev.polder.federation.ReadingEngine.scan;
import static dev.polder.federation.ReadingEngine.table;
import static dev.polder.federation.SourceFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.federation.ReadingEngine;
import dev.polder.federation.SourceClient;
import dev.polder.federation.SourceSettings;
import dev.polder.federation.SourceTransaction;
import dev.polder.model.ErrorCode;
import dev.polder.model.Secret;
import dev.polder.sql.remote.RemoteExpression.Operator;
import dev.polder.sql.remote.RemoteTable;
import dev.polder.sql.remote.Support;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class FlightSourceTest {
  private static final List<String> ROW =
      List.of("1", "1.25", "é", "\\x00\\xFF", "2024-02-29", "[1, NULL]", "true");

  @TempDir Path directory;

  private static SourceClient client(int port, String... more) {
    Map<String, Secret> given = new HashMap<>();
    List<String> all =
        new java.util.ArrayList<>(
            List.of(
                "host", "127.0.0.1",
                "port", Integer.toString(port),
                "tls", "false",
                "user", "ann",
                "password", SmallServer.PASSWORD));
    all.addAll(Arrays.asList(more));
    for (int i = 0; i < all.size(); i += 2) {
      given.put(all.get(i), Secret.of(all.get(i + 1)));
    }
    return new FlightSqlConnector().open(new SourceSettings("fl", true, given));
  }

  @Test
  void a_server_that_speaks_duckdb_s_sql_is_asked_whole_queries_and_others_their_columns()
      throws Exception {
    try (DuckDBConnection duck = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ReadingEngine engine = new ReadingEngine(directory);
        SmallServer polder = new SmallServer(duck, "Polder");
        SmallServer other = new SmallServer(duck, "Another")) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute(
          "CREATE TABLE t AS SELECT 1 AS n, 1.25::DECIMAL(9,2) AS d, 'é' AS s,"
              + " unhex('00ff') AS b, DATE '2024-02-29' AS day, [1, NULL] AS l, true AS f");
      statement.execute("INSERT INTO t (n) VALUES (2)");
      for (SmallServer server : List.of(polder, other)) {
        try (SourceClient client = client(server.port())) {
          assertThat(client.schemas()).containsExactly("main");
          assertThat(client.tables("main")).containsExactly(new SourceClient.Listed("t", false));
          RemoteTable t = table(client, "MAIN", "T");
          assertThat(engine.rows(client, scan(t)))
              .containsExactlyInAnyOrder(
                  ROW, Arrays.asList("2", null, null, null, null, null, null));
          var condition = compare(column(t, "n"), Operator.LESS, 2L);
          Support support = client.dialect().supports(condition);
          assertThat(support).isEqualTo(server == polder ? Support.EXACT : Support.NONE);
          if (server == polder) {
            assertThat(engine.rows(client, scan(t, condition))).containsExactly(ROW);
          }
          assertFails(ErrorCode.READ_ONLY, "'fl' is read-only", () -> client.begin(true));
        }
      }
      try (SourceClient client = client(polder.port())) {
        RemoteTable before = table(client, "main", "t");
        statement.execute("ALTER TABLE t DROP COLUMN s");
        assertFails(
            ErrorCode.SOURCE_FAILED, "'fl' failed", () -> engine.rows(client, scan(before)));
        statement.execute("CREATE OR REPLACE TABLE t AS SELECT range AS n FROM range(3000000)");
        client.invalidate();
        RemoteTable many = table(client, "main", "t");
        try (SourceTransaction transaction = client.begin(false);
            var reader = transaction.read(scan(many), engine.allocator())) {
          assertThat(reader.loadNextBatch()).isTrue();
          transaction.cancel();
          assertFails(
              ErrorCode.STATEMENT_CANCELLED,
              "cancelled",
              () -> {
                while (reader.loadNextBatch()) {
                  assertThat(reader.getVectorSchemaRoot().getRowCount()).isPositive();
                }
              });
        }
      }
      try (SourceClient wrong = client(polder.port(), "password", "guess")) {
        assertFails(ErrorCode.SOURCE_UNAVAILABLE, "it refused the user", wrong::schemas);
      }
      try (SourceClient nobody = client(1)) {
        assertFails(
            ErrorCode.SOURCE_UNAVAILABLE, "nothing answers at its address", nobody::schemas);
      }
    }
  }
}
