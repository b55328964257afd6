package dev.polder.federation.sqlite;

import static dev.polder.federation.ReadingEngine.column;
import static dev.polder.federation.ReadingEngine.compare;
import static dev.polder.federation.ReadingEngine.equal;
import static dev.polder.federation.ReadingEngine.scan;
import static dev.polder.federation.ReadingEngine.table;
import static dev.polder.federation.SourceFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.duck.NativeThreads;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

@Timeout(120)
final class SqliteSourceTest {
  /** What a column declares, as which it is read, a value that is stored, and as DuckDB has it. */
  record Stored(String declared, String read, String value, String expected) {}

  /** A value that its column's type does not have. */
  record Misfit(String declared, String value, String why) {}

  static final List<Stored> VALUES =
      List.of(
          new Stored("INTEGER", "BIGINT", "-9223372036854775808", "-9223372036854775808"),
          new Stored("UNSIGNED BIG INT", "BIGINT", "9223372036854775807", "9223372036854775807"),
          new Stored("TINYINT", "BIGINT", "'12'", "12"),
          new Stored("REAL", "DOUBLE", "1", "1.0"),
          new Stored("DOUBLE PRECISION", "DOUBLE", "9e999", "inf"),
          new Stored("FLOAT", "DOUBLE", "4.9e-324", "5e-324"),
          new Stored("DECIMAL(10,2)", "DOUBLE", "12.5", "12.5"),
          new Stored("NUMERIC", "DOUBLE", "9007199254740992", "9007199254740992.0"),
          new Stored("BOOLEAN", "BOOLEAN", "1", "true"),
          new Stored("TEXT", "VARCHAR", "'é😀' || char(0) || 'x'", "é😀\0x"),
          new Stored("VARCHAR(3)", "VARCHAR", "12", "12"),
          new Stored("", "VARCHAR", "12", "12"),
          new Stored("UUID", "VARCHAR", "'ab-1'", "ab-1"),
          new Stored("BLOB", "BLOB", "x'00ff27'", "\\x00\\xFF\\x27"),
          new Stored("DATE", "DATE", "'2024-02-29'", "2024-02-29"),
          new Stored("TIME", "TIME", "'23:59:59.999999'", "23:59:59.999999"),
          new Stored("DATETIME", "TIMESTAMP", "'2024-02-29'", "2024-02-29 00:00:00"),
          new Stored("TIMESTAMP", "TIMESTAMP", "'0001-01-01T01:02:03.5'", "0001-01-01 01:02:03.5"),
          new Stored("JSON", "JSON", "'{\"a\":[1,null]}'", "{\"a\":[1,null]}"));

  static final List<Misfit> MISFITS =
      List.of(
          new Misfit("INTEGER", "'abc'", "the text 'abc'"),
          new Misfit("INTEGER", "1.5", "1.5"),
          new Misfit("INTEGER", "x'00'", "a BLOB of 1 bytes"),
          new Misfit("REAL", "'x'", "the text 'x'"),
          new Misfit("NUMERIC", "9007199254740993", "more digits than a DOUBLE"),
          new Misfit("BOOLEAN", "2", "neither 0 nor 1"),
          new Misfit("TEXT", "x'41'", "a BLOB of 1 bytes"),
          new Misfit("BLOB", "'A'", "the text 'A'"),
          new Misfit("DATE", "'2024-02-30'", "not written yyyy-mm-dd"),
          new Misfit("DATE", "20240229", "20240229"),
          new Misfit("TIME", "'25:00'", "not written hh:mm:ss"),
          new Misfit("DATETIME", "'2024-02-29 01:02:03+02:00'", "not written"),
          new Misfit("DATETIME", "1709164800", "1709164800"));

  @TempDir Path directory;
  private NativeThreads threads;
  private ReadingEngine engine;
  private Path file;

  @BeforeEach
  void open() {
    threads = new NativeThreads(4, 100, 16L << 20);
    engine = new ReadingEngine(directory);
    file = directory.resolve("it's.db");
  }

  @AfterEach
  void close() {
    engine.close();
    threads.close();
  }

  private void write(String... statements) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private SourceClient client(boolean readOnly) {
    return client(readOnly, "declared");
  }

  private SourceClient client(boolean readOnly, String types) {
    return new SqliteConnector(threads)
        .open(
            new SourceSettings(
                "lite",
                readOnly,
                Map.of("path", Secret.of(file.toString()), "types", Secret.of(types))));
  }

  @ParameterizedTest
  @FieldSource("VALUES")
  void a_value_is_read_as_its_column_declares_and_written_back(Stored stored) {
    write(
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v " + stored.declared() + ")",
        "CREATE TABLE u(v " + stored.declared() + ")",
        "INSERT INTO t(v) VALUES (" + stored.value() + "), (NULL)");
    try (SourceClient client = client(false)) {
      RemoteTable table = table(client, "main", "t");
      assertThat(table.column("v").orElseThrow().type()).isEqualTo(stored.read());
      assertThat(engine.rows(client, scan(table)))
          .containsExactly(List.of("1", stored.expected()), java.util.Arrays.asList("2", null));
      RemoteTable copy = table(client, "main", "u");
      try (SourceTransaction transaction = client.begin(true);
          SourceTransaction other = client.begin(false)) {
        RemoteQuery query =
            RemoteQuery.scan(table, List.of(table.column("v").orElseThrow()), List.of());
        try (var rows = other.read(query, engine.allocator())) {
          assertThat(transaction.insert(copy, copy.columns(), rows)).isEqualTo(2);
        } catch (java.io.IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
        transaction.commit();
      }
      assertThat(engine.rows(client, scan(copy)))
          .containsExactly(List.of(stored.expected()), java.util.Collections.singletonList(null));
    }
  }

  @ParameterizedTest
  @FieldSource("MISFITS")
  void a_value_of_another_type_is_an_error_that_names_the_column(Misfit misfit) {
    write(
        "CREATE TABLE t(ok INTEGER, odd " + misfit.declared() + ")",
        "INSERT INTO t VALUES (1, NULL), (2, " + misfit.value() + ")");
    try (SourceClient client = client(true);
        SourceClient texts = client(true, "text")) {
      RemoteTable table = table(client, "main", "t");
      try (SourceTransaction transaction = client.begin(false)) {
        assertFails(
            ErrorCode.SOURCE_FAILED,
            "column odd holds a value that is no "
                + table.column("odd").orElseThrow().type()
                + ": ",
            () -> ReadingEngine.count(transaction.read(scan(table), engine.allocator())));
        assertFails(
            ErrorCode.SOURCE_FAILED,
            misfit.why(),
            () -> ReadingEngine.count(transaction.read(scan(table), engine.allocator())));
      }
      if (!misfit.value().startsWith("x'")) {
        assertThat(engine.rows(texts, scan(table(texts, "main", "t")))).hasSize(2);
      }
    }
  }

  @Test
  void only_what_surely_means_the_same_is_asked_exactly() {
    write(
        "CREATE TABLE loose(n INTEGER, t TEXT COLLATE NOCASE, a, d DATE)",
        "CREATE TABLE strict(n INTEGER, t TEXT COLLATE NOCASE, r REAL, x ANY) STRICT",
        "INSERT INTO loose VALUES (1, 'a', 5, '2024-01-01'), (2, 'A', '5', '2024-01-02')",
        "INSERT INTO strict VALUES (1, 'a', 0.1, 'y'), (2, 'A', 0.3, 7), (NULL, 'é', NULL, NULL)");
    try (SourceClient client = client(true)) {
      SourceDialect dialect = client.dialect();
      RemoteTable loose = table(client, "main", "LOOSE");
      RemoteTable strict = table(client, "main", "strict");
      assertThat(dialect.supports(equal(column(loose, "n"), 1L))).isEqualTo(Support.WIDER);
      assertThat(dialect.supports(equal(column(loose, "t"), "a"))).isEqualTo(Support.WIDER);
      assertThat(dialect.supports(equal(column(loose, "a"), "5"))).isEqualTo(Support.NONE);
      assertThat(dialect.supports(equal(column(strict, "n"), 1L))).isEqualTo(Support.EXACT);
      assertThat(dialect.supports(equal(column(strict, "x"), "7"))).isEqualTo(Support.NONE);
      assertThat(dialect.orders(column(strict, "t"))).isTrue();
      assertThat(dialect.orders(column(loose, "t"))).isFalse();
      assertThat(dialect.supports(new RemoteExpression.Like(column(strict, "t"), "a%")))
          .isEqualTo(Support.WIDER);
      assertThat(engine.rows(client, scan(loose, equal(column(loose, "t"), "A")))).hasSize(1);
      assertThat(engine.rows(client, scan(strict, equal(column(strict, "r"), 0.1)))).hasSize(1);
      assertThat(
              engine.rows(
                  client,
                  scan(
                      strict,
                      compare(column(strict, "r"), Operator.GREATER, 0.1),
                      compare(column(strict, "t"), Operator.NOT_DISTINCT, "A"))))
          .hasSize(1);
      RemoteExpression t = column(strict, "t");
      Aggregate most =
          new Aggregate(
              AggregateFunction.MAX,
              Optional.of(column(strict, "n")),
              false,
              Optional.empty(),
              "BIGINT");
      assertThat(dialect.supports(most)).isEqualTo(Support.EXACT);
      RemoteQuery grouped =
          new RemoteQuery(
              List.of(new RemoteQuery.Output("t", t), new RemoteQuery.Output("m", most)),
              Optional.of(new RemoteFrom.Table(0, strict)),
              List.of(),
              List.of(t),
              List.of(),
              List.of(new RemoteQuery.Order(t, true, true)),
              false,
              OptionalLong.empty(),
              OptionalLong.of(1));
      assertThat(engine.rows(client, grouped))
          .as(client.text(grouped))
          .containsExactly(List.of("a", "1"), List.of("A", "2"));
    }
  }

  @Test
  void a_transaction_reads_one_moment_and_writes_all_or_nothing() {
    write(
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE t(n INTEGER PRIMARY KEY, b BOOLEAN, d DATE)",
        "CREATE VIEW v AS SELECT n * 2 AS m FROM t",
        "INSERT INTO t VALUES (1, 0, '2024-01-01')");
    try (SourceClient client = client(false);
        SourceClient reading = client(true)) {
      RemoteTable table = table(client, "main", "t");
      try (SourceTransaction reader = reading.begin(false)) {
        assertThat(engine.rows(reader, scan(table))).hasSize(1);
        try (SourceTransaction writer = client.begin(true)) {
          assertThat(
                  engine.insert(
                      writer,
                      table,
                      table.columns(),
                      "SELECT range + 2, true, NULL::DATE FROM range(2500)"))
              .isEqualTo(2500);
          assertThat(
                  writer.update(
                      table,
                      Map.of(
                          table.column("d").orElseThrow(),
                          new Literal(java.time.LocalDate.of(2025, 1, 2), "DATE")),
                      List.of(equal(column(table, "n"), 2L))))
              .isEqualTo(1);
          assertThat(
                  writer.delete(table, List.of(compare(column(table, "n"), Operator.GREATER, 2L))))
              .isEqualTo(2499);
          writer.commit();
        }
        assertThat(engine.rows(reader, scan(table))).hasSize(1);
      }
      assertThat(engine.rows(reading, scan(table)))
          .containsExactly(List.of("1", "false", "2024-01-01"), List.of("2", "true", "2025-01-02"));
      try (SourceTransaction writer = client.begin(true)) {
        writer.delete(table, List.of());
      }
      assertThat(engine.rows(reading, scan(table(reading, "main", "v")))).hasSize(2);
      assertFails(
          ErrorCode.SOURCE_FAILED,
          "UNIQUE constraint failed: t.n",
          () -> {
            try (SourceTransaction writer = client.begin(true)) {
              engine.insert(writer, table, table.columns(), "SELECT 1::BIGINT, true, NULL::DATE");
            }
          });
      assertFails(ErrorCode.READ_ONLY, "'lite' is read-only", () -> reading.begin(true));
    }
  }

  @Test
  void calls_of_virtual_threads_run_elsewhere() throws Exception {
    write("CREATE TABLE t(n INTEGER)", "INSERT INTO t VALUES (1)");
    CountDownLatch read = new CountDownLatch(1);
    Thread.startVirtualThread(() -> {
      try (SourceClient client = client(true);
          SourceTransaction transaction = client.begin(false)) {
        RemoteTable table = table(client, "main", "t");
        assertThat(ReadingEngine.count(transaction.read(scan(table), engine.allocator())))
            .isEqualTo(1);
        read.countDown();
      }
    });
    read.await();
  }

  @Test
  void a_cancel_ends_the_query() {
    write(
        "CREATE VIEW slow AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)"
            + " SELECT n FROM c WHERE n < 0");
    try (SourceClient client = client(true);
        SourceTransaction transaction = client.begin(false)) {
      RemoteTable table = table(client, "main", "slow");
      CompletableFuture<Object> outcome =
          CompletableFuture.supplyAsync(() -> {
            try {
              return ReadingEngine.count(transaction.read(scan(table), engine.allocator()));
            } catch (PolderException e) {
              return e.code();
            }
          });
      // Before the query has begun the cancel holds for its beginning.
      transaction.cancel();
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(outcome::isDone);
      assertThat(outcome.join()).isEqualTo(ErrorCode.STATEMENT_CANCELLED);
    }
  }

  @Test
  void a_cancel_ends_a_query_that_runs() throws Exception {
    write(
        "CREATE VIEW slow AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)"
            + " SELECT n FROM c");
    try (SourceClient client = client(true);
        SourceTransaction transaction = client.begin(false)) {
      RemoteTable table = table(client, "main", "slow");
      try (var reader = transaction.read(scan(table), engine.allocator())) {
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
  }

  @Test
  void what_cannot_be_read_says_why_without_its_path() throws Exception {
    try (SourceClient client = client(true)) {
      assertFails(
          ErrorCode.SOURCE_UNAVAILABLE, "no such database file", () -> client.tables("main"));
      Files.writeString(file, "not a database, but long enough to be looked at".repeat(500));
      assertFails(
          ErrorCode.SOURCE_UNAVAILABLE, "no database of SQLite", () -> client.tables("main"));
      Files.delete(file);
      write("CREATE TABLE t(n INTEGER)");
      RemoteTable before = table(client, "main", "t");
      write("DROP TABLE t", "CREATE TABLE t(m INTEGER)");
      assertFails(
          ErrorCode.SOURCE_FAILED, "no such column", () -> engine.rows(client, scan(before)));
    }
  }
}
