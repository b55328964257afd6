package dev.polder.federation.duckdb;

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
import dev.polder.sql.remote.RemoteExpression.Operator;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

@Timeout(120)
final class DuckdbSourceTest {
  /** A type of DuckDB, that as which it is read, and values of it. */
  record Typed(String type, String read, List<String> values) {
    static Typed same(String type, String... values) {
      return new Typed(type, type, List.of(values));
    }
  }

  static final List<Typed> TYPES =
      List.of(
          Typed.same("BOOLEAN", "true", "false"),
          Typed.same("TINYINT", "-128", "127"),
          Typed.same("SMALLINT", "-32768", "32767"),
          Typed.same("INTEGER", "-2147483648", "2147483647"),
          Typed.same("BIGINT", "(-9223372036854775808)", "9223372036854775807"),
          Typed.same("HUGEINT", "'-170141183460469231731687303715884105728'", "1"),
          Typed.same("UTINYINT", "0", "255"),
          Typed.same("USMALLINT", "0", "65535"),
          Typed.same("UINTEGER", "0", "4294967295"),
          Typed.same("UBIGINT", "0", "18446744073709551615"),
          Typed.same("UHUGEINT", "0", "'340282366920938463463374607431768211455'"),
          Typed.same("BIGNUM", "'-99999999999999999999999999999999999999999999999'"),
          Typed.same("FLOAT", "'nan'", "'inf'", "'-inf'", "'-0'", "3.4028235e38", "1e-45"),
          Typed.same("DOUBLE", "'nan'", "'inf'", "'-0'", "1.7976931348623157e308", "5e-324"),
          Typed.same("DECIMAL(4,1)", "-999.9", "999.9"),
          Typed.same("DECIMAL(9,3)", "-999999.999"),
          Typed.same("DECIMAL(18,6)", "-999999999999.999999"),
          Typed.same("DECIMAL(38,10)", "'9999999999999999999999999999.9999999999'"),
          Typed.same("VARCHAR", "''", "'it''s'", "'é😀'", "'a' || chr(0) || 'b'"),
          Typed.same("BLOB", "''::BLOB", "unhex('00ff27')"),
          Typed.same("BIT", "'0101'", "'1'"),
          Typed.same("DATE", "'infinity'", "'-infinity'", "'5877642-06-25 (BC)'", "'9999-12-31'"),
          Typed.same("TIME", "'00:00:00'", "'23:59:59.999999'", "'24:00:00'"),
          Typed.same("TIME WITH TIME ZONE", "'12:34:56.789+05:30'", "'00:00:00-15:59:59'"),
          Typed.same("TIMESTAMP", "'infinity'", "'1969-12-31 23:59:59.999999'"),
          Typed.same("TIMESTAMP WITH TIME ZONE", "'2024-02-29 12:00:00.000001+02'", "'infinity'"),
          Typed.same("TIMESTAMP_S", "'2024-02-29 12:00:01'"),
          Typed.same("TIMESTAMP_MS", "'2024-02-29 12:00:01.123'"),
          Typed.same("TIMESTAMP_NS", "'2024-02-29 12:00:01.123456789'"),
          Typed.same("INTERVAL", "'-13 months 40 days 25:00:00.000001'", "'0 days'"),
          Typed.same("UUID", "'00000000-0000-0000-0000-000000000000'"),
          Typed.same("JSON", "'{\"a\": [1, null]}'", "'null'"),
          Typed.same("INTEGER[]", "[]", "[1, NULL, 3]"),
          Typed.same("VARCHAR[][]", "[['a', NULL], [], NULL]"),
          Typed.same("HUGEINT[]", "['170141183460469231731687303715884105727', NULL]"),
          Typed.same("INTEGER[2]", "[1, 2]"),
          Typed.same("STRUCT(a VARCHAR, b INTEGER)", "{'a': 'it''s \"\\ {,}', 'b': NULL}"),
          Typed.same("STRUCT(a VARCHAR)[]", "[{'a': 'NULL'}, {'a': NULL}, {'a': ''}]"),
          Typed.same("MAP(VARCHAR, INTEGER)", "MAP {'k=,}': 1, '': NULL}"),
          new Typed("ENUM('x', 'y')", "VARCHAR", List.of("'y'")),
          new Typed("UNION(i INTEGER, t VARCHAR)", "VARCHAR", List.of("union_value(t := 'hi')")),
          new Typed("VARIANT", "JSON", List.of("42")));

  @TempDir Path directory;
  private NativeThreads threads;
  private DuckdbFiles files;
  private ReadingEngine engine;
  private Path file;

  @BeforeEach
  void open() {
    threads = new NativeThreads(4, 100, 16L << 20);
    files = new DuckdbFiles(threads, directory, ReadingEngine.LIMITS);
    engine = new ReadingEngine(directory);
    file = directory.resolve("it's.duckdb");
  }

  @AfterEach
  void close() {
    engine.close();
    files.close();
    threads.close();
  }

  private void write(Path target, String... statements) {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + target);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private SourceClient client(boolean readOnly) {
    return new DuckdbConnector(files)
        .open(new SourceSettings("d", readOnly, Map.of("path", Secret.of(file.toString()))));
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void values_of_every_type_are_read_and_written_exactly(Typed typed) {
    write(file, "CREATE TABLE t(id INTEGER, v " + typed.type() + ", w " + typed.type() + ")");
    for (int i = 0; i < typed.values().size(); i++) {
      write(file, "INSERT INTO t(id, v) SELECT " + i + ", " + typed.values().get(i));
    }
    write(file, "INSERT INTO t(id) VALUES (99)");
    try (SourceClient client = client(false)) {
      RemoteTable table = table(client, "main", "t");
      assertThat(table.column("v").orElseThrow().type()).isEqualTo(typed.read());
      for (int i = 0; i < typed.values().size(); i++) {
        String expected =
            engine.value(
                "CAST(CAST("
                    + typed.values().get(i)
                    + " AS "
                    + typed.type()
                    + ") AS "
                    + typed.read()
                    + ")");
        assertThat(engine.rows(client, scan(table, equal(column(table, "id"), (long) i))))
            .singleElement()
            .satisfies(row -> assertThat(row.get(1)).isEqualTo(expected));
        if (!typed.type().startsWith("UNION")) {
          assertThat(copied(client, table, i)).isEqualTo(expected);
        }
      }
      assertThat(engine.rows(client, scan(table, equal(column(table, "id"), 99L))))
          .singleElement()
          .satisfies(row -> assertThat(row.get(1)).isNull());
    }
  }

  /** Copies v of a row to w of another, as the engine does, and reads that. */
  private String copied(SourceClient client, RemoteTable table, int id) {
    try (SourceTransaction transaction = client.begin(true);
        SourceTransaction other = client.begin(false)) {
      RemoteQuery query =
          RemoteQuery.scan(
              table,
              List.of(table.column("v").orElseThrow()),
              List.of(equal(column(table, "id"), (long) id)));
      long added =
          transaction.insert(
              table,
              List.of(table.column("w").orElseThrow()),
              other.read(query, engine.allocator()));
      assertThat(added).isEqualTo(1);
      transaction.commit();
    }
    List<List<String>> rows =
        engine.rows(
            client,
            scan(
                table,
                new RemoteExpression.IsNull(column(table, "id")),
                new RemoteExpression.Not(new RemoteExpression.IsNull(column(table, "w")))));
    return rows.getLast().get(2);
  }

  @Test
  void whole_queries_are_asked_of_the_file() {
    write(
        file,
        "CREATE TABLE t(k VARCHAR COLLATE NOCASE, n INTEGER, d DATE)",
        "INSERT INTO t VALUES ('a', 1, '0044-03-15 (BC)'), ('A', 2, '2024-01-31'), ('b', 3, NULL)");
    try (SourceClient client = client(true)) {
      RemoteTable table = table(client, "MAIN", "T");
      RemoteExpression k = column(table, "k");
      RemoteExpression n = column(table, "n");
      Aggregate sum =
          new Aggregate(AggregateFunction.SUM, Optional.of(n), false, Optional.empty(), "HUGEINT");
      RemoteQuery query =
          new RemoteQuery(
              List.of(new RemoteQuery.Output("k", k), new RemoteQuery.Output("s", sum)),
              Optional.of(new RemoteFrom.Table(0, table)),
              List.of(),
              List.of(k),
              List.of(),
              List.of(new RemoteQuery.Order(k, true, false)),
              false,
              OptionalLong.of(2),
              OptionalLong.empty());
      assertThat(engine.rows(client, query))
          .as("collations of the file's own change nothing: %s", client.text(query))
          .containsExactly(List.of("b", "3"), List.of("a", "1"));
      assertThat(engine.rows(client, scan(table, equal(k, "A")))).hasSize(1);
      RemoteExpression d = column(table, "d");
      assertThat(engine.rows(client, scan(table, compare(d, Operator.LESS, LocalDate.of(1, 1, 1)))))
          .hasSize(1);
      assertThat(engine.rows(client, scan(table, equal(d, LocalDate.of(-43, 3, 15))))).hasSize(1);
      RemoteExpression shifted =
          new RemoteExpression.Comparison(
              Operator.EQUAL,
              new RemoteExpression.Shift(d, 1, -1, "TIMESTAMP"),
              new RemoteExpression.Literal(LocalDateTime.of(2024, 2, 28, 0, 0), "TIMESTAMP"));
      assertThat(engine.rows(client, scan(table, shifted))).hasSize(1);
    }
  }

  @Test
  void sources_of_one_file_share_it_and_see_only_what_was_committed() {
    write(file, "CREATE TABLE t(n INTEGER)", "CREATE VIEW v AS SELECT n + 1 AS m FROM t");
    try (SourceClient writing = client(false);
        SourceClient reading = client(true)) {
      RemoteTable table = table(writing, "main", "t");
      try (SourceTransaction writer = writing.begin(true);
          SourceTransaction reader = reading.begin(false)) {
        assertThat(engine.rows(reader, scan(table))).isEmpty();
        assertThat(engine.insert(writer, table, table.columns(), "SELECT 1 UNION ALL SELECT 2"))
            .isEqualTo(2);
        assertThat(engine.rows(writer, scan(table))).hasSize(2);
        writer.commit();
        assertThat(engine.rows(reader, scan(table))).isEmpty();
      }
      try (SourceTransaction writer = writing.begin(true)) {
        RemoteExpression n = column(table, "n");
        assertThat(
                writer.update(
                    table,
                    Map.of(table.columns().getFirst(), new RemoteExpression.Literal(7L, "INTEGER")),
                    List.of(equal(n, 1L))))
            .isEqualTo(1);
        assertThat(writer.delete(table, List.of(equal(n, 2L)))).isEqualTo(1);
        writer.commit();
      }
      assertThat(engine.rows(reading, scan(table(reading, "main", "v"))))
          .containsExactly(List.of("8"));
      try (SourceTransaction writer = writing.begin(true)) {
        writer.delete(table, List.of());
      }
      assertThat(engine.rows(reading, scan(table))).containsExactly(List.of("7"));
      assertThat(reading.tables("main"))
          .containsExactly(new SourceClient.Listed("t", false), new SourceClient.Listed("v", true));
      assertFails(ErrorCode.READ_ONLY, "'d' is read-only", () -> reading.begin(true));
    }
  }

  @Test
  void a_file_that_was_replaced_is_read_anew() throws Exception {
    write(file, "CREATE TABLE t(n INTEGER)", "INSERT INTO t VALUES (1)");
    Path next = directory.resolve("next.duckdb");
    write(next, "CREATE TABLE t(n VARCHAR, m INTEGER)", "INSERT INTO t VALUES ('x', 1)");
    try (SourceClient client = client(true)) {
      RemoteTable before = table(client, "main", "t");
      assertThat(engine.rows(client, scan(before))).containsExactly(List.of("1"));
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
      assertFails(ErrorCode.SOURCE_FAILED, "'d' failed", () -> engine.rows(client, scan(before)));
      client.invalidate();
      assertThat(engine.rows(client, scan(table(client, "main", "t"))))
          .containsExactly(List.of("x", "1"));
    }
  }

  @Test
  void what_cannot_be_opened_says_why_without_its_path() throws Exception {
    try (SourceClient client = client(true)) {
      assertFails(ErrorCode.SOURCE_UNAVAILABLE, "no such database file", client::schemas);
      Files.writeString(file, "not a database, but long enough to be looked at".repeat(500));
      assertFails(ErrorCode.SOURCE_UNAVAILABLE, "no database of DuckDB", client::schemas);
    }
  }

  @Test
  void a_cancel_ends_the_query() {
    write(file, "CREATE TABLE t AS SELECT range AS n FROM range(100000)");
    try (SourceClient client = client(true)) {
      RemoteTable table = table(client, "main", "t");
      RemoteFrom pairs =
          new RemoteFrom.Join(
              RemoteFrom.Kind.INNER,
              new RemoteFrom.Table(0, table),
              new RemoteFrom.Table(1, table),
              Optional.empty());
      RemoteExpression sum =
          new Aggregate(
              AggregateFunction.SUM,
              Optional.of(
                  new RemoteExpression.Arithmetic(
                      RemoteExpression.ArithmeticOperator.MULTIPLY,
                      column(table, "n"),
                      new RemoteExpression.Column(1, table.columns().getFirst()),
                      "BIGINT")),
              false,
              Optional.empty(),
              "HUGEINT");
      RemoteQuery slow =
          new RemoteQuery(
              List.of(new RemoteQuery.Output("s", sum)),
              Optional.of(pairs),
              List.of(),
              List.of(),
              List.of(),
              List.of(),
              false,
              OptionalLong.empty(),
              OptionalLong.empty());
      try (SourceTransaction transaction = client.begin(false)) {
        CompletableFuture<Object> outcome =
            CompletableFuture.supplyAsync(() -> {
              try (var reader = transaction.read(slow, engine.allocator())) {
                return reader.loadNextBatch();
              } catch (Exception e) {
                return e;
              }
            });
        Awaitility.await().until(() -> threads.active() > 0);
        transaction.cancel();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(outcome::isDone);
        assertThat(outcome.join())
            .isInstanceOfSatisfying(
                PolderException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.STATEMENT_CANCELLED));
      }
    }
  }
}
