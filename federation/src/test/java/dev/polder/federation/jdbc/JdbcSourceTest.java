package dev.polder.federation.jdbc;

import static dev.polder.federation.ReadingEngine.column;
import static dev.polder.federation.ReadingEngine.compare;
import static dev.polder.federation.ReadingEngine.equal;
import static dev.polder.federation.ReadingEngine.scan;
import static dev.polder.federation.ReadingEngine.table;
import static dev.polder.federation.SourceFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.federation.ReadingEngine;
import dev.polder.federation.SourceClient;
import dev.polder.federation.SourceSettings;
import dev.polder.federation.SourceTransaction;
import dev.polder.model.ErrorCode;
import dev.polder.model.Secret;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.Operator;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import dev.polder.sql.remote.SourceDialect;
import dev.polder.sql.remote.Support;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

@Timeout(180)
final class JdbcSourceTest {
  /** A type, as which it is read, a value of it, and as DuckDB has it. */
  record Stored(String type, String read, String value, String expected) {}

  static final List<Stored> H2 =
      List.of(
          new Stored("BOOLEAN", "BOOLEAN", "TRUE", "true"),
          new Stored("TINYINT", "SMALLINT", "-128", "-128"),
          new Stored("SMALLINT", "SMALLINT", "32767", "32767"),
          new Stored("INTEGER", "INTEGER", "-2147483648", "-2147483648"),
          new Stored("BIGINT", "BIGINT", "9223372036854775807", "9223372036854775807"),
          new Stored("REAL", "FLOAT", "0.1", "0.1"),
          new Stored("DOUBLE PRECISION", "DOUBLE", "'NaN'", "nan"),
          new Stored("DOUBLE PRECISION", "DOUBLE", "'-Infinity'", "-inf"),
          new Stored("NUMERIC(38,2)", "DECIMAL(38,2)", "-1.25", "-1.25"),
          new Stored("NUMERIC(60,2)", "DOUBLE", "1.5", "1.5"),
          new Stored("VARCHAR(20)", "VARCHAR", "'it''s é😀'", "it's é😀"),
          new Stored("CHAR(3)", "VARCHAR", "'a'", "a  "),
          new Stored("CLOB", "VARCHAR", "'long'", "long"),
          new Stored("VARBINARY(9)", "BLOB", "X'00ff'", "\\x00\\xFF"),
          new Stored("BLOB", "BLOB", "X'01'", "\\x01"),
          new Stored("DATE", "DATE", "'9999-12-31'", "9999-12-31"),
          new Stored("TIME(6)", "TIME", "'23:59:59.999999'", "23:59:59.999999"),
          new Stored(
              "TIMESTAMP(6)",
              "TIMESTAMP",
              "'1500-02-28 01:02:03.000001'",
              "1500-02-28 01:02:03.000001"),
          new Stored(
              "TIMESTAMP WITH TIME ZONE",
              "TIMESTAMP WITH TIME ZONE",
              "'2024-02-29 12:00:00+05:30'",
              "2024-02-29 06:30:00+00"),
          new Stored(
              "UUID",
              "UUID",
              "'123e4567-e89b-12d3-a456-426655440000'",
              "123e4567-e89b-12d3-a456-426655440000"));

  @TempDir Path directory;
  private Path drivers;
  private ReadingEngine engine;

  @BeforeEach
  void open() throws Exception {
    drivers = Files.createDirectories(directory.resolve("drivers"));
    install(org.h2.Driver.class);
    engine = new ReadingEngine(directory);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private void install(Class<?> driver) throws Exception {
    Path jar = jar(driver);
    Files.copy(jar, drivers.resolve(jar.getFileName()));
  }

  private static Path jar(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private String h2() {
    return "jdbc:h2:" + directory.resolve("data");
  }

  private void h2(String... statements) {
    execute(h2(), "sa", statements);
  }

  private static void execute(String url, String user, String... statements) {
    try (Connection connection = DriverManager.getConnection(url, user, "");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private SourceClient client(boolean readOnly, String... properties) {
    Map<String, Secret> given = new HashMap<>();
    for (int i = 0; i < properties.length; i += 2) {
      given.put(properties[i], Secret.of(properties[i + 1]));
    }
    return new JdbcConnector(drivers).open(new SourceSettings("any", readOnly, given));
  }

  @ParameterizedTest
  @FieldSource("H2")
  void a_value_of_every_type_is_read_exactly_and_written_back(Stored stored) {
    h2(
        "CREATE TABLE t (id INT, v " + stored.type() + ")",
        "CREATE TABLE u (v " + stored.type() + ")",
        "INSERT INTO t VALUES (1, " + stored.value() + "), (2, NULL)");
    try (SourceClient client = client(false, "url", h2(), "user", "sa")) {
      assertThat(client.defaultSchema()).isEqualTo("PUBLIC");
      RemoteTable table = table(client, "public", "t");
      assertThat(table.column("V").orElseThrow().type()).isEqualTo(stored.read());
      List<List<String>> all =
          List.of(Arrays.asList("1", stored.expected()), Arrays.asList("2", null));
      assertThat(engine.rows(client, scan(table))).isEqualTo(all);
      RemoteTable copy = table(client, "public", "u");
      RemoteQuery query =
          RemoteQuery.scan(table, List.of(table.column("v").orElseThrow()), List.of());
      try (SourceTransaction writer = client.begin(true);
          SourceTransaction reader = client.begin(false)) {
        try (var rows = reader.read(query, engine.allocator())) {
          assertThat(writer.insert(copy, copy.columns(), rows)).isEqualTo(2);
        } catch (java.io.IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
        writer.commit();
      }
      assertThat(engine.rows(client, scan(copy)))
          .containsExactly(
              Arrays.asList(stored.expected()), java.util.Collections.singletonList(null));
    }
  }

  @Test
  void conditions_limits_and_writes_reach_a_known_system() {
    h2(
        "CREATE TABLE t (n INT, s VARCHAR(9))",
        "INSERT INTO t VALUES (1, 'a'), (2, 'A'), (3, 'b'), (NULL, NULL)");
    try (SourceClient client = client(false, "url", h2(), "user", "sa")) {
      RemoteTable t = table(client, "public", "T");
      SourceDialect dialect = client.dialect();
      RemoteExpression n = column(t, "n");
      assertThat(dialect.supports(equal(n, 1L))).isEqualTo(Support.EXACT);
      assertThat(dialect.supports(equal(column(t, "s"), "a"))).isEqualTo(Support.WIDER);
      assertThat(dialect.supports(compare(column(t, "s"), Operator.LESS, "a")))
          .isEqualTo(Support.NONE);
      assertThat(dialect.limits()).isTrue();
      RemoteQuery query =
          new RemoteQuery(
              List.of(new RemoteQuery.Output("s", column(t, "s"))),
              Optional.of(new RemoteFrom.Table(0, t)),
              List.of(compare(n, Operator.GREATER_OR_EQUAL, 1L)),
              List.of(),
              List.of(),
              List.of(new RemoteQuery.Order(n, true, false)),
              false,
              OptionalLong.of(2),
              OptionalLong.empty());
      assertThat(engine.rows(client, query)).containsExactly(List.of("b"), List.of("A"));
      try (SourceTransaction writer = client.begin(true)) {
        assertThat(
                writer.update(
                    t,
                    Map.of(
                        t.column("s").orElseThrow(), new RemoteExpression.Literal("z", "VARCHAR")),
                    List.of(equal(n, 1L))))
            .isEqualTo(1);
        assertThat(writer.delete(t, List.of(compare(n, Operator.GREATER, 1L)))).isEqualTo(2);
        writer.commit();
      }
      assertThat(engine.rows(client, scan(t)))
          .containsExactlyInAnyOrder(List.of("1", "z"), Arrays.asList(null, null));
    }
  }

  @Test
  void a_column_that_became_another_and_more_digits_than_micros_are_errors() {
    h2(
        "CREATE TABLE t (n INT, at TIMESTAMP(9))",
        "INSERT INTO t VALUES (1, '2024-01-01 00:00:00.123456789')");
    RemoteTable before;
    try (SourceClient client = client(true, "url", h2(), "user", "sa")) {
      before = table(client, "public", "t");
      assertFails(
          ErrorCode.SOURCE_FAILED,
          "column AT holds a value that is no TIMESTAMP",
          () -> {
            try (SourceTransaction transaction = client.begin(false)) {
              ReadingEngine.count(transaction.read(scan(before), engine.allocator()));
            }
          });
    }
    h2("ALTER TABLE t ALTER COLUMN n NUMERIC(9,2)", "UPDATE t SET n = 1.5");
    try (SourceClient client = client(true, "url", h2(), "user", "sa")) {
      assertFails(
          ErrorCode.SOURCE_FAILED,
          "column N is DECIMAL(9,2) now, not INTEGER",
          () -> engine.rows(client, scan(before)));
      assertFails(ErrorCode.READ_ONLY, "'any' is read-only", () -> client.begin(true));
    }
  }

  @Test
  void postgresql_s_own_driver_works_from_the_directory() throws Exception {
    install(org.postgresql.Driver.class);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
      String url = "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres";
      execute(
          url,
          "postgres",
          "CREATE TABLE t (i INT, n NUMERIC(9,2), w NUMERIC, b BOOLEAN, s TEXT,"
              + " at TIMESTAMPTZ, a INT[], j JSONB, y BYTEA, u UUID)",
          "INSERT INTO t VALUES (1, 1.25, 1.5, true, 'é', '2024-01-01 00:00:00+02', '{1,2}',"
              + " '{\"a\": 1}', '\\x00ff', '123e4567-e89b-12d3-a456-426655440000')");
      try (SourceClient client = client(true, "url", url, "user", "postgres")) {
        assertThat(client.defaultSchema()).isEqualTo("public");
        assertThat(client.schemas()).contains("public").doesNotContain("pg_catalog");
        RemoteTable t = table(client, "public", "t");
        assertThat(engine.rows(client, scan(t, equal(column(t, "s"), "é"))))
            .containsExactly(
                List.of(
                    "1",
                    "1.25",
                    "1.5",
                    "true",
                    "é",
                    "2023-12-31 22:00:00+00",
                    "{1,2}",
                    "{\"a\": 1}",
                    "\\x00\\xFF",
                    "123e4567-e89b-12d3-a456-426655440000"));
      }
      try (SourceClient client =
          client(
              true,
              "url",
              "jdbc:postgresql://localhost:1/postgres?password=hidden",
              "user",
              "postgres")) {
        assertThatThrownBy(client::schemas)
            .hasMessageContaining("source 'any' cannot be reached")
            .message()
            .doesNotContain("hidden");
      }
    }
  }

  @Test
  void drivers_that_are_missing_or_have_a_connector_are_named() throws Exception {
    assertFails(
        ErrorCode.SOURCE_UNAVAILABLE,
        "has a driver for its url",
        () -> client(true, "url", "jdbc:nothing:x"));
    assertFails(
        ErrorCode.SOURCE_UNAVAILABLE,
        "has a driver com.example.Driver",
        () -> client(true, "url", "jdbc:nothing:x", "driver", "com.example.Driver"));
    install(org.duckdb.DuckDBDriver.class);
    try (SourceClient client = client(true, "url", "jdbc:duckdb:")) {
      assertFails(
          ErrorCode.SOURCE_FAILED, "are read by the connector duckdb", () -> client.begin(false));
    }
  }
}
