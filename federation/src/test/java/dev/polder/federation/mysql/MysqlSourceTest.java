package dev.polder.federation.mysql;

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
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.Aggregate;
import dev.polder.sql.remote.RemoteExpression.AggregateFunction;
import dev.polder.sql.remote.RemoteExpression.Literal;
import dev.polder.sql.remote.RemoteExpression.Operator;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import dev.polder.sql.remote.SourceDialect;
import dev.polder.sql.remote.Support;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

@Timeout(300)
final class MysqlSourceTest {
  /** A type of the server, as which it is read, a value of it, and as DuckDB has it. */
  record Stored(String type, String read, String value, String expected) {}

  private static Stored whole(String type, String read, String value) {
    return new Stored(type, read, value, value);
  }

  static final List<Stored> VALUES =
      List.of(
          whole("TINYINT", "TINYINT", "-128"),
          whole("TINYINT(1)", "TINYINT", "127"),
          whole("TINYINT UNSIGNED", "UTINYINT", "255"),
          whole("SMALLINT", "SMALLINT", "-32768"),
          whole("SMALLINT UNSIGNED", "USMALLINT", "65535"),
          whole("MEDIUMINT", "INTEGER", "-8388608"),
          whole("MEDIUMINT UNSIGNED ZEROFILL", "UINTEGER", "16777215"),
          whole("INT", "INTEGER", "-2147483648"),
          whole("INT UNSIGNED", "UINTEGER", "4294967295"),
          whole("BIGINT", "BIGINT", "-9223372036854775808"),
          whole("BIGINT UNSIGNED", "UBIGINT", "18446744073709551615"),
          whole("DECIMAL(5,2)", "DECIMAL(5,2)", "-999.99"),
          whole("DECIMAL(38,10)", "DECIMAL(38,10)", "9999999999999999999999999999.9999999999"),
          new Stored("DECIMAL(65,30)", "DOUBLE", "0.5", "0.5"),
          new Stored("FLOAT", "FLOAT", "3.4028234663852886e38", "3.4028235e+38"),
          new Stored("FLOAT", "FLOAT", "16777217", "16777216.0"),
          new Stored("FLOAT", "FLOAT", "0.1", "0.1"),
          new Stored("DOUBLE", "DOUBLE", "1.7976931348623157e308", "1.7976931348623157e+308"),
          new Stored("DOUBLE", "DOUBLE", "2.2250738585072014e-308", "2.2250738585072014e-308"),
          new Stored("DOUBLE", "DOUBLE", "0.1", "0.1"),
          new Stored("BIT(1)", "BOOLEAN", "b'1'", "true"),
          new Stored("BIT(64)", "UBIGINT", "0xFFFFFFFFFFFFFFFF", "18446744073709551615"),
          whole("YEAR", "INTEGER", "2155"),
          new Stored("DATE", "DATE", "'9999-12-31'", "9999-12-31"),
          new Stored("DATE", "DATE", "'0000-00-00'", null),
          new Stored("DATE", "DATE", "'2024-00-10'", null),
          new Stored("TIME(6)", "TIME", "'23:59:59.999999'", "23:59:59.999999"),
          new Stored("TIME", "TIME", "'00:00:00'", "00:00:00"),
          new Stored(
              "DATETIME(6)",
              "TIMESTAMP",
              "'1000-01-01 00:00:00.000001'",
              "1000-01-01 00:00:00.000001"),
          new Stored("DATETIME", "TIMESTAMP", "'0000-00-00 00:00:00'", null),
          // The server's own time zone is five hours ahead.
          new Stored(
              "TIMESTAMP(3) NULL",
              "TIMESTAMP WITH TIME ZONE",
              "'2024-02-29 05:00:00.123'",
              "2024-02-29 00:00:00.123+00"),
          new Stored("CHAR(5)", "VARCHAR", "'é😀 '", "é😀"),
          new Stored("VARCHAR(20)", "VARCHAR", "'it''s \\\\ \"x\" '", "it's \\ \"x\" "),
          new Stored("VARCHAR(20) CHARACTER SET latin1", "VARCHAR", "'é'", "é"),
          new Stored("LONGTEXT", "VARCHAR", "''", ""),
          new Stored("ENUM('b','a')", "VARCHAR", "'a'", "a"),
          new Stored("SET('x','y')", "VARCHAR", "'y,x'", "x,y"),
          new Stored("JSON", "VARCHAR", "'{\"a\": [1]}'", "{\"a\": [1]}"),
          new Stored(
              "UUID",
              "UUID",
              "'123e4567-e89b-12d3-a456-426655440000'",
              "123e4567-e89b-12d3-a456-426655440000"),
          new Stored("INET6", "VARCHAR", "'::1'", "::1"),
          new Stored("BINARY(3)", "BLOB", "x'00ff'", "\\x00\\xFF\\x00"),
          new Stored("VARBINARY(9)", "BLOB", "x'00ff27'", "\\x00\\xFF\\x27"),
          new Stored("BLOB", "BLOB", "''", ""),
          new Stored(
              "POINT",
              "BLOB",
              "ST_GeomFromText('POINT(0 0)')",
              "\\x00\\x00\\x00\\x00\\x01\\x01\\x00\\x00\\x00" + "\\x00".repeat(16)));

  private static MariaDbServer server;

  @TempDir Path directory;
  private ReadingEngine engine;

  @BeforeAll
  static void start() {
    server = MariaDbServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void open() {
    engine = new ReadingEngine(directory);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private static SourceClient client(String... properties) {
    return client(server.port(), false, properties);
  }

  private static SourceClient client(int port, boolean readOnly, String... properties) {
    Map<String, Secret> given = new HashMap<>();
    List<String> all =
        new java.util.ArrayList<>(
            List.of(
                "host", "127.0.0.1",
                "port", Integer.toString(port),
                "database", "shop",
                "user", "polder",
                "password", MariaDbServer.PASSWORD));
    all.addAll(Arrays.asList(properties));
    for (int i = 0; i < all.size(); i += 2) {
      given.put(all.get(i), Secret.of(all.get(i + 1)));
    }
    return new MysqlConnector().open(new SourceSettings("my", readOnly, given));
  }

  @ParameterizedTest
  @FieldSource("VALUES")
  void a_value_of_every_type_is_read_exactly_and_written_back(Stored stored) {
    server.execute(
        "CREATE OR REPLACE TABLE t (id INT, v " + stored.type() + ")",
        "CREATE OR REPLACE TABLE u (v " + stored.type() + ")",
        "INSERT INTO t VALUES (1, " + stored.value() + "), (2, NULL)");
    try (SourceClient client = client()) {
      RemoteTable table = table(client, "SHOP", "T");
      assertThat(table.column("v").orElseThrow().type()).isEqualTo(stored.read());
      assertThat(engine.rows(client, scan(table)))
          .containsExactly(Arrays.asList("1", stored.expected()), Arrays.asList("2", null));
      RemoteTable copy = table(client, "shop", "u");
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
              Collections.singletonList(stored.expected()), Collections.singletonList(null));
    }
  }

  @Test
  void what_duckdb_has_no_type_for_follows_the_properties() {
    server.execute(
        "CREATE OR REPLACE TABLE odd (d DECIMAL(65,30), z DATE, t TIME)",
        "INSERT INTO odd VALUES"
            + " (12345678901234567890123456789012345.123456789012345678901234567891,"
            + " '0000-00-00', '-838:59:59')");
    try (SourceClient client = client("zeroDates", "error")) {
      RemoteTable odd = table(client, "shop", "odd");
      assertReadFails(client, odd, "z", "column z holds a value that is no DATE: 0000-00-00");
      assertReadFails(client, odd, "t", "column t holds a value that is no TIME: -838:59:59");
    }
    try (SourceClient client = client("numeric", "text", "times", "text")) {
      RemoteTable odd = table(client, "shop", "odd");
      assertThat(engine.rows(client, scan(odd)))
          .containsExactly(
              Arrays.asList(
                  "12345678901234567890123456789012345.123456789012345678901234567891",
                  null,
                  "-838:59:59"));
    }
    try (SourceClient client = client("numeric", "decimal(38,30)")) {
      RemoteTable odd = table(client, "shop", "odd");
      assertReadFails(client, odd, "d", "column d holds a value that is no DECIMAL(38,30)");
    }
    assertFails(
        ErrorCode.INVALID_PARAMETER, "property numeric", () -> client("numeric", "decimal(40,2)"));
  }

  private void assertReadFails(
      SourceClient client, RemoteTable table, String column, String message) {
    RemoteQuery query =
        RemoteQuery.scan(table, List.of(table.column(column).orElseThrow()), List.of());
    try (SourceTransaction transaction = client.begin(false)) {
      assertFails(
          ErrorCode.SOURCE_FAILED,
          message,
          () -> ReadingEngine.count(transaction.read(query, engine.allocator())));
    }
  }

  @Test
  void text_is_asked_for_more_widely_unless_its_collation_is_exact() {
    server.execute(
        "CREATE OR REPLACE TABLE words (ci VARCHAR(9), bin VARCHAR(9) COLLATE utf8mb4_nopad_bin,"
            + " n INT, f DOUBLE, d DATE, e ENUM('b','a'), b VARBINARY(9))",
        "INSERT INTO words VALUES ('a', 'a', 1, 0.1, '2024-01-01', 'b', 'x'),"
            + " ('A', 'A', 2, -0.0, '0000-00-00', 'a', 'X'), ('ä ', 'a ', NULL, 3e10, NULL, NULL, NULL)");
    try (SourceClient client = client()) {
      SourceDialect dialect = client.dialect();
      RemoteTable words = table(client, "shop", "words");
      RemoteExpression ci = column(words, "ci");
      RemoteExpression bin = column(words, "bin");
      assertThat(dialect.supports(equal(ci, "a"))).isEqualTo(Support.WIDER);
      assertThat(dialect.supports(compare(ci, Operator.NOT_EQUAL, "a"))).isEqualTo(Support.NONE);
      assertThat(dialect.supports(compare(ci, Operator.LESS, "a"))).isEqualTo(Support.NONE);
      assertThat(dialect.supports(equal(bin, "a"))).isEqualTo(Support.EXACT);
      assertThat(dialect.orders(ci)).isFalse();
      assertThat(dialect.orders(bin)).isTrue();
      assertThat(dialect.orders(column(words, "e"))).isFalse();
      assertThat(dialect.groups(column(words, "f"))).isFalse();
      assertThat(dialect.supports(new RemoteExpression.IsNull(column(words, "d"))))
          .isEqualTo(Support.NONE);
      assertThat(engine.rows(client, scan(words, equal(ci, "a")))).hasSizeGreaterThan(1);
      assertThat(engine.rows(client, scan(words, equal(bin, "a")))).hasSize(1);
      assertThat(engine.rows(client, scan(words, compare(bin, Operator.GREATER, "A")))).hasSize(2);
      assertThat(engine.rows(client, scan(words, equal(column(words, "f"), 0.1)))).hasSize(1);
      assertThat(engine.rows(client, scan(words, equal(column(words, "f"), 3e10)))).hasSize(1);
      assertThat(engine.rows(client, scan(words, equal(column(words, "b"), new byte[] {'x'}))))
          .hasSize(1);
      assertThat(
              engine.rows(client, scan(words, compare(column(words, "n"), Operator.DISTINCT, 1L))))
          .hasSize(2);
      assertThat(engine.rows(client, scan(words, new RemoteExpression.Like(ci, "a%"))))
          .hasSizeGreaterThan(1);
      Aggregate sum =
          new Aggregate(
              AggregateFunction.SUM,
              Optional.of(column(words, "n")),
              false,
              Optional.empty(),
              "HUGEINT");
      RemoteQuery query =
          new RemoteQuery(
              List.of(new RemoteQuery.Output("k", bin), new RemoteQuery.Output("s", sum)),
              Optional.of(new RemoteFrom.Table(0, words)),
              List.of(),
              List.of(bin),
              List.of(),
              List.of(
                  new RemoteQuery.Order(sum, true, false), new RemoteQuery.Order(bin, false, true)),
              false,
              OptionalLong.empty(),
              OptionalLong.of(1));
      assertThat(engine.rows(client, query))
          .as(client.text(query))
          .containsExactly(List.of("a", "1"), Arrays.asList("a ", null));
    }
  }

  @Test
  void a_transaction_reads_one_moment_and_writes_all_or_nothing() {
    server.execute(
        "CREATE OR REPLACE TABLE acc (id INT PRIMARY KEY, v VARCHAR(20), at DATETIME(6))",
        "INSERT INTO acc VALUES (1, 'one', '2024-01-01')");
    try (SourceClient client = client();
        SourceClient reading = client(server.port(), true)) {
      RemoteTable acc = table(client, "shop", "acc");
      try (SourceTransaction reader = reading.begin(false);
          SourceTransaction writer = client.begin(true)) {
        assertThat(
                engine.insert(
                    writer,
                    acc,
                    acc.columns(),
                    "SELECT (range + 2)::INTEGER, 'it''s \\ ' || range, NULL::TIMESTAMP"
                        + " FROM range(2500)"))
            .isEqualTo(2500);
        assertThat(
                writer.update(
                    acc,
                    Map.of(acc.column("v").orElseThrow(), new Literal("x'\\", "VARCHAR")),
                    List.of(equal(column(acc, "id"), 2L))))
            .isEqualTo(1);
        assertThat(writer.delete(acc, List.of(compare(column(acc, "id"), Operator.GREATER, 2L))))
            .isEqualTo(2499);
        writer.commit();
        assertThat(engine.rows(reader, scan(acc))).hasSize(1);
      }
      assertThat(engine.rows(reading, scan(acc)))
          .containsExactly(
              List.of("1", "one", "2024-01-01 00:00:00"), Arrays.asList("2", "x'\\", null));
      try (SourceTransaction writer = client.begin(true)) {
        writer.delete(acc, List.of());
      }
      assertThat(engine.rows(reading, scan(acc))).hasSize(2);
      server.execute("CREATE OR REPLACE DATABASE attic", "CREATE TABLE attic.old AS SELECT 1 AS n");
      client.invalidate();
      RemoteTable old = table(client, "attic", "old");
      try (SourceTransaction writer = client.begin(true)) {
        assertThat(writer.delete(old, List.of(equal(column(old, "n"), 1L)))).isEqualTo(1);
      }
      assertFails(
          ErrorCode.SOURCE_FAILED,
          "Duplicate entry",
          () -> {
            try (SourceTransaction writer = client.begin(true)) {
              engine.insert(writer, acc, acc.columns(), "SELECT 1::INTEGER, 'x', NULL::TIMESTAMP");
            }
          });
      assertFails(ErrorCode.READ_ONLY, "'my' is read-only", () -> reading.begin(true));
    }
  }

  @Test
  void a_column_that_became_another_is_never_misread() {
    server.execute(
        "CREATE OR REPLACE TABLE turn (a INT, b DATE)", "INSERT INTO turn VALUES (1, NULL)");
    try (SourceClient client = client()) {
      RemoteTable before = table(client, "shop", "turn");
      server.execute("ALTER TABLE turn MODIFY a VARCHAR(9)", "UPDATE turn SET a = 'x1'");
      assertReadFails(client, before, "a", "column a holds a value that is no INTEGER: 'x1'");
      server.execute("ALTER TABLE turn CHANGE a c INT");
      assertFails(
          ErrorCode.SOURCE_FAILED, "Unknown column", () -> engine.rows(client, scan(before)));
    }
  }

  @Test
  void a_cancel_and_an_early_end_stop_the_server_s_query() throws Exception {
    server.execute("CREATE OR REPLACE TABLE many (s VARCHAR(200))");
    server.execute("INSERT INTO many SELECT REPEAT('x', 200) FROM seq_1_to_200000");
    try (SourceClient client = client()) {
      RemoteTable many = table(client, "shop", "many");
      try (SourceTransaction transaction = client.begin(false)) {
        try (var reader = transaction.read(scan(many), engine.allocator())) {
          assertThat(reader.loadNextBatch()).isTrue();
        }
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !isRunning());
        try (var reader = transaction.read(scan(many), engine.allocator())) {
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
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !isRunning());
      assertThat(engine.rows(client, scan(many))).hasSize(200_000);
    }
  }

  private static boolean isRunning() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) FROM information_schema.PROCESSLIST"
                    + " WHERE INFO LIKE '%many%' AND INFO NOT LIKE '%PROCESSLIST%'")) {
      return rows.next() && rows.getInt(1) > 0;
    }
  }

  @Test
  void a_server_that_cannot_be_reached_is_named_with_the_reason_and_no_secret() {
    assertUnavailable("it refused the user or the password", client("password", "wrong-pw"));
    assertUnavailable("its host name cannot be resolved", client("host", "no-such-host.invalid"));
    assertUnavailable("nothing answers at its address", client(1, true));
    assertUnavailable("there is no database none", client("database", "none"));
    assertUnavailable("TLS connection could not be made", client("sslMode", "trust"));
    try (SourceClient client = client("maxConnections", "1", "connectTimeoutSeconds", "1");
        SourceTransaction only = client.begin(false)) {
      assertThat(only).isNotNull();
      assertFails(
          ErrorCode.SOURCE_UNAVAILABLE, "all of its connections", () -> client.begin(false));
    }
  }

  private static void assertUnavailable(String why, SourceClient client) {
    try (client) {
      assertThatThrownBy(client::schemas)
          .isInstanceOfSatisfying(
              PolderException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
                assertThat(e)
                    .hasMessageContaining("source 'my' cannot be reached: ")
                    .hasMessageContaining(why)
                    .message()
                    .doesNotContain("wrong-pw", MariaDbServer.PASSWORD);
              });
    }
  }

  @Test
  void a_server_that_dies_ends_its_readers() throws Exception {
    try (MariaDbServer dying = MariaDbServer.start()) {
      dying.execute("CREATE TABLE many (s VARCHAR(200))");
      dying.execute("INSERT INTO many SELECT REPEAT('x', 200) FROM seq_1_to_300000");
      try (SourceClient client = client(dying.port(), true)) {
        RemoteTable many = table(client, "shop", "many");
        try (SourceTransaction transaction = client.begin(false);
            var reader = transaction.read(scan(many), engine.allocator())) {
          assertThat(reader.loadNextBatch()).isTrue();
          dying.kill();
          assertFails(
              ErrorCode.SOURCE_UNAVAILABLE,
              "source 'my' cannot be reached",
              () -> {
                while (reader.loadNextBatch()) {
                  assertThat(reader.getVectorSchemaRoot().getRowCount()).isPositive();
                }
              });
        }
        assertFails(ErrorCode.SOURCE_UNAVAILABLE, "'my'", () -> client.begin(false));
      }
    }
  }
}
