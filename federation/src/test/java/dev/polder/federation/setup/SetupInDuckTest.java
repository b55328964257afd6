package dev.polder.federation.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.model.Secret;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Set-up SQL, run by DuckDB as an instance runs it. */
final class SetupInDuckTest {
  @TempDir Path directory;

  private Connection open() throws SQLException {
    Connection duck = DriverManager.getConnection("jdbc:duckdb:;allow_unredacted_secrets=true;");
    run(duck, "SET secret_directory = '" + directory.resolve("secrets") + "'");
    run(duck, "SET allow_persistent_secrets = false");
    run(duck, "SET autoinstall_known_extensions = false");
    run(duck, "SET autoload_known_extensions = false");
    run(duck, "SET errors_as_json = true");
    return duck;
  }

  private static void run(Connection duck, String sql) throws SQLException {
    try (Statement statement = duck.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> strings(Connection duck, String sql) throws SQLException {
    try (Statement statement = duck.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }

  /** The failure's message, or the empty text. */
  private static String setUp(Connection duck, PreparedSetup setup) {
    for (PreparedSetup.Step step : setup.steps()) {
      try {
        run(duck, step.sql());
      } catch (SQLException e) {
        return setup.failure(step, String.valueOf(e.getMessage())).getMessage();
      }
    }
    return "";
  }

  private Path file(String name) throws SQLException {
    Path file = directory.resolve(name);
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:" + file)) {
      run(duck, "CREATE TABLE orders AS SELECT 1 AS id, 'first' AS note");
    }
    return file;
  }

  @Test
  void a_file_of_duckdb_is_attached_under_the_alias() throws SQLException {
    Path file = file("it's \"here\".duckdb");
    PreparedSetup setup =
        SetupSql.parse("select", "ATTACH '{{secret.FILE}}' AS {{alias}} (READ_ONLY);")
            .prepare(Map.of("FILE", Secret.of(file.toString())), null);
    try (Connection duck = open()) {
      assertThat(setUp(duck, setup)).isEmpty();
      assertThat(strings(duck, "SELECT note FROM \"select\".main.orders")).containsExactly("first");
    }
  }

  static Stream<String> values() {
    return Stream.of("hunter2", "o'x\"\\", "'; DROP TABLE t; --", "{{alias}}", "a\nb", "é𝄞", "");
  }

  @ParameterizedTest
  @MethodSource("values")
  void secrets_reach_duckdb_as_they_are(String value) throws SQLException {
    PreparedSetup setup =
        SetupSql.parse(
                "fed",
                "CREATE OR REPLACE TEMPORARY SECRET {{alias}}_s (TYPE http, EXTRA_HTTP_HEADERS MAP"
                    + " {'a': '{{secret.V}}'}, BEARER_TOKEN {{secret.V}}); ATTACH ':memory:' AS"
                    + " {{alias}}")
            .prepare(Map.of("V", Secret.of(value)), null);
    try (Connection duck = open()) {
      assertThat(setUp(duck, setup)).isEmpty();
      assertThat(strings(duck, "SELECT name FROM duckdb_secrets() WHERE type = 'http'"))
          .containsExactly("fed_s");
      assertThat(strings(duck, "SELECT secret_string FROM duckdb_secrets(redact = false)"))
          .singleElement()
          .asString()
          .contains(value);
    }
  }

  @Test
  void a_failure_names_source_statement_and_reason() throws SQLException {
    PreparedSetup setup =
        SetupSql.parse("fed", "SET http_timeout = 5; ATTACH '{{secret.FILE}}' AS fed (READ_ONLY)")
            .prepare(Map.of("FILE", Secret.of("/nowhere/secret-name.duckdb")), null);
    try (Connection duck = open()) {
      assertThat(
              setUp(
                  duck,
                  SetupSql.parse("f", "ATTACH '/no/x.duckdb' AS f (READ_ONLY)")
                      .prepare(Map.of(), null)))
          .startsWith("source 'f' cannot be attached: statement 1 of its setupSql failed: ")
          .contains("/no/x.duckdb");
      assertThat(setUp(duck, setup))
          .startsWith("source 'fed' cannot be attached: statement ")
          .doesNotContain("secret-name");
    }
  }

  @Test
  void an_extension_that_is_not_in_the_directory_is_told_so() throws SQLException {
    PreparedSetup setup =
        SetupSql.parse("fed", "INSTALL postgres; LOAD postgres; ATTACH '' AS fed (TYPE postgres)")
            .prepare(Map.of(), directory);
    try (Connection duck = open()) {
      assertThat(setUp(duck, setup))
          .startsWith("source 'fed' cannot be attached: statement 2 of its setupSql failed: ")
          .contains(
              "Put the extension's file, of exactly this version and platform, at "
                  + directory.resolve("v2.0.0"))
          .endsWith("/postgres_scanner.duckdb_extension");
    }
  }

  @Test
  void an_extension_that_is_built_in_is_loaded() throws SQLException {
    PreparedSetup setup =
        SetupSql.parse("fed", "LOAD json; ATTACH ':memory:' AS fed").prepare(Map.of(), null);
    try (Connection duck = open()) {
      assertThat(setUp(duck, setup)).isEmpty();
    }
  }

  @Test
  void a_secret_of_an_extension_that_is_not_loaded_says_what_to_write() throws SQLException {
    PreparedSetup setup =
        SetupSql.parse(
                "fed", "CREATE SECRET s (TYPE s3, KEY_ID '{{secret.K}}'); ATTACH ':memory:' AS fed")
            .prepare(Map.of("K", Secret.of("AKIA1")), null);
    try (Connection duck = open()) {
      assertThat(setUp(duck, setup))
          .contains("statement 1 of its setupSql failed")
          .endsWith("Write INSTALL httpfs; LOAD httpfs; before it in the setupSql");
    }
  }
}
