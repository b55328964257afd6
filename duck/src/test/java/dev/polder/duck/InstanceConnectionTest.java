package dev.polder.duck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class InstanceConnectionTest {
  private static final String ENDLESS =
      "SELECT count(*) FROM range(100000) a, range(100000000) b"
          + " WHERE hash(a.range + b.range) % 1000000007 = 5";

  @TempDir Path directory;
  private Engine engine;

  @BeforeEach
  void start() {
    engine = new Engine(directory);
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void a_result_streams_in_batches_of_the_asked_size() {
    try (InstanceConnection connection = engine.instance.connect();
        QueryResult result =
            connection.query(
                "SELECT range AS n, 'x' AS t FROM range(250000)",
                List.of(),
                engine.allocator,
                100_000)) {
      assertThat(result.columns())
          .containsExactly(new ResultColumn("n", "BIGINT"), new ResultColumn("t", "VARCHAR"));
      long rows = 0;
      long sum = 0;
      int batches = 0;
      while (result.loadNext()) {
        batches++;
        BigIntVector numbers = (BigIntVector) result.root().getVector(0);
        for (int i = 0; i < result.root().getRowCount(); i++) {
          sum += numbers.get(i);
        }
        rows += result.root().getRowCount();
      }
      assertThat(rows).isEqualTo(250_000);
      assertThat(sum).isEqualTo(249_999L * 250_000 / 2);
      assertThat(batches).isLessThanOrEqualTo(4);
    }
  }

  @Test
  void the_first_batch_of_a_huge_result_comes_before_the_last_is_computed() {
    try (InstanceConnection connection = engine.instance.connect();
        QueryResult result =
            connection.query(
                "SELECT a.range FROM range(1000000000000) a", List.of(), engine.allocator)) {
      assertThat(result.loadNext()).isTrue();
    }
  }

  @Test
  void parameters_arrive_with_their_types() {
    UUID uuid = UUID.randomUUID();
    List<Object> values =
        Arrays.asList(
            true,
            (byte) 1,
            (short) 2,
            3,
            4L,
            new BigInteger("170141183460469231731687303715884105727"),
            1.5f,
            2.5,
            new BigDecimal("12.340"),
            "tëxt'; DROP",
            "bytes".getBytes(StandardCharsets.UTF_8),
            LocalDate.of(2024, 2, 29),
            LocalTime.of(1, 2, 3, 456_000_000),
            LocalDateTime.of(2024, 2, 29, 1, 2, 3, 456_789_000),
            OffsetDateTime.parse("2024-02-29T01:02:03.456789+02:00"),
            Instant.parse("2024-02-29T01:02:03Z"),
            uuid,
            null,
            List.of(1, 2, 3));
    StringBuilder sql = new StringBuilder("SELECT ");
    for (int i = 1; i <= values.size(); i++) {
      sql.append(i == 1 ? "" : ", ")
          .append("typeof($" + i + ") || '=' || CAST($" + i + " AS VARCHAR)");
    }
    List<Object> row = engine.rows(sql.toString(), values.toArray()).getFirst();
    assertThat(row)
        .startsWith("BOOLEAN=true", "TINYINT=1", "SMALLINT=2", "INTEGER=3", "BIGINT=4")
        .contains("HUGEINT=170141183460469231731687303715884105727", "FLOAT=1.5", "DOUBLE=2.5")
        .contains("VARCHAR=tëxt'; DROP", "BLOB=bytes", "DATE=2024-02-29", "TIME=01:02:03.456")
        .contains("TIMESTAMP=2024-02-29 01:02:03.456789")
        .contains("TIMESTAMP WITH TIME ZONE=2024-02-28 23:02:03.456789+00")
        .contains("TIMESTAMP WITH TIME ZONE=2024-02-29 01:02:03+00")
        .contains("INTEGER[]=[1, 2, 3]");
    assertThat(row.get(8).toString()).startsWith("DECIMAL").endsWith("=12.340");
    assertThat(row.get(16).toString()).endsWith(uuid.toString());
    assertThat(row.get(17)).isNull();
  }

  @Test
  void a_wrong_number_of_parameters_is_refused() {
    assertThatThrownBy(() -> engine.rows("SELECT ?, ?", 1))
        .isInstanceOfSatisfying(
            PolderException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER));
  }

  @Test
  void a_description_needs_no_values_and_runs_nothing() {
    try (InstanceConnection connection = engine.instance.connect()) {
      PreparedShape shape =
          connection.describe(
              "SELECT ?::INTEGER + 1 AS a, [1.5::DECIMAL(9,2)] AS l, {'x': 1} AS s, error('run') AS e",
              engine.allocator);
      assertThat(shape.columns().stream().map(ResultColumn::name))
          .containsExactly("a", "l", "s", "e");
      assertThat(shape.columns().get(1).duckType()).isEqualTo("DECIMAL(9,2)[]");
      assertThat(shape.schema().getFields().get(1).getType()).isEqualTo(new ArrowType.List());
      assertThat(shape.parameterTypes()).containsExactly("INTEGER");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT CAST('é' AS INTEGER)",
        "SELECT CAST(range AS TINYINT) FROM range(1000)",
        "SELECT CASE WHEN range < 3000000 THEN range ELSE CAST('x' || range AS INTEGER) END FROM range(4000000)"
      })
  void errors_of_a_stream_have_their_code_and_message(String sql) {
    try (InstanceConnection connection = engine.instance.connect()) {
      assertThatThrownBy(
              () -> {
                try (QueryResult result = connection.query(sql, List.of(), engine.allocator)) {
                  while (result.loadNext()) {
                    assertThat(result.root().getRowCount()).isPositive();
                  }
                }
              })
          .isInstanceOfSatisfying(
              PolderException.class,
              e -> {
                assertThat(e.code()).isIn(ErrorCode.CONVERSION_ERROR, ErrorCode.OUT_OF_RANGE);
                assertThat(e.getMessage()).doesNotContain("Invalid result set").doesNotContain("{");
              });
      assertThat(connection.rows("SELECT 1", List.of())).hasSize(1);
    }
  }

  @Test
  void a_statement_can_be_cancelled_while_every_thread_is_taken() throws Exception {
    List<InstanceConnection> connections = new ArrayList<>();
    List<Cancellation> cancellations = new ArrayList<>();
    List<CompletableFuture<Object>> running = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      InstanceConnection connection = engine.instance.connect();
      Cancellation cancellation = new Cancellation();
      connection.cancelWith(cancellation);
      connections.add(connection);
      cancellations.add(cancellation);
      CompletableFuture<Object> future = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> {
            try {
              future.complete(connection.rows(ENDLESS, List.of()));
            } catch (RuntimeException e) {
              future.completeExceptionally(e);
            }
          });
      running.add(future);
    }
    await().until(() -> engine.threads.active() == 4);
    for (Cancellation cancellation : cancellations) {
      cancellation.cancel();
    }
    for (CompletableFuture<Object> future : running) {
      assertThatThrownBy(() -> future.get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOfSatisfying(
              PolderException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STATEMENT_CANCELLED));
    }
    connections.forEach(InstanceConnection::close);
  }

  @Test
  void an_interrupted_caller_ends_its_statement() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    Thread caller =
        Thread.ofVirtual()
            .start(() -> {
              try (InstanceConnection connection = engine.instance.connect()) {
                connection.rows(ENDLESS, List.of());
              } catch (PolderException e) {
                if (e.code() == ErrorCode.STATEMENT_CANCELLED) {
                  done.countDown();
                }
              }
            });
    await().until(() -> engine.threads.active() == 1);
    caller.interrupt();
    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_late_cancel_never_touches_the_next_statement() {
    try (InstanceConnection connection = engine.instance.connect()) {
      for (int i = 0; i < 200; i++) {
        Cancellation cancellation = new Cancellation();
        connection.cancelWith(cancellation);
        Thread canceller = Thread.ofVirtual().start(cancellation::cancel);
        try {
          connection.rows("SELECT sum(range) FROM range(1000)", List.of());
        } catch (PolderException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.STATEMENT_CANCELLED);
        }
        connection.cancelWith(new Cancellation());
        assertThat(connection.rows("SELECT sum(range) FROM range(100000)", List.of()))
            .containsExactly(List.of(new BigInteger("4999950000")));
        assertThat(canceller).isNotNull();
      }
    }
  }

  @Test
  void a_stream_is_cancelled_between_and_within_batches() {
    try (InstanceConnection connection = engine.instance.connect()) {
      Cancellation cancellation = new Cancellation();
      connection.cancelWith(cancellation);
      try (QueryResult result =
          connection.query(
              "SELECT range FROM range(1000000000000)", List.of(), engine.allocator, 2_000)) {
        assertThat(result.loadNext()).isTrue();
        cancellation.cancel(ErrorCode.STATEMENT_TIMEOUT);
        assertThatThrownBy(result::loadNext)
            .isInstanceOfSatisfying(
                PolderException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.STATEMENT_TIMEOUT));
      }
    }
  }

  @Test
  @SuppressWarnings("try") // closed early on purpose
  void private_catalogs_are_shared_and_detached_after_the_last_holder() {
    CatalogHandle handle =
        engine.instance.attachPrivate(name ->
            List.of(
                "CREATE SCHEMA " + name + ".s", "CREATE VIEW " + name + ".s.v AS SELECT 42 AS x"));
    try (InstanceConnection first = engine.instance.connect();
        InstanceConnection second = engine.instance.connect()) {
      first.use(handle, "s");
      second.use(handle, "s");
      handle.close();
      assertThat(first.rows("FROM v", List.of())).containsExactly(List.of(42));
      first.close();
      assertThat(second.rows("SELECT s.v.x FROM v", List.of())).containsExactly(List.of(42));
      assertThatThrownBy(() -> second.rows("SELECT nope FROM v", List.of()))
          .isInstanceOfSatisfying(
              PolderException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.COLUMN_NOT_FOUND);
                assertThat(e.position()).hasValue(7);
                assertThat(e.getMessage()).contains("\"x\"").doesNotContain("p_");
              });
    }
    assertThat(
            engine.rows(
                "SELECT count(*) FROM duckdb_databases() WHERE database_name = ?", handle.name()))
        .containsExactly(List.of(0L));
    assertThat(handle.tryRetain()).isFalse();
  }

  @Test
  void java_rows_and_arrow_batches_can_be_queried() throws Exception {
    try (InstanceConnection connection = engine.instance.connect()) {
      connection.execute("CREATE TEMP TABLE t (a INTEGER, b VARCHAR)", List.of());
      connection.append("temp", "main", "t", List.of(List.of(1, "x"), Arrays.asList(2, null)));
      assertThat(connection.rows("SELECT count(*), count(b) FROM t", List.of()))
          .containsExactly(List.of(2L, 1L));

      Schema schema = new Schema(List.of(Field.nullable("n", new ArrowType.Int(32, true))));
      java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
      try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, engine.allocator);
          ArrowStreamWriter writer = new ArrowStreamWriter(root, null, bytes)) {
        IntVector vector = (IntVector) root.getVector(0);
        vector.allocateNew(2);
        vector.set(0, 20);
        vector.set(1, 22);
        root.setRowCount(2);
        writer.writeBatch();
      }
      connection.registerArrow(
          "incoming",
          new ArrowStreamReader(
              new java.io.ByteArrayInputStream(bytes.toByteArray()), engine.allocator),
          engine.allocator);
      assertThat(connection.rows("SELECT sum(n)::INTEGER FROM incoming", List.of()))
          .containsExactly(List.of(42));
    }
  }

  @Test
  void sessions_do_not_see_each_others_objects() {
    try (InstanceConnection first = engine.instance.connect();
        InstanceConnection second = engine.instance.connect()) {
      first.execute("CREATE TEMP TABLE mine (a INTEGER)", List.of());
      first.execute("SET TimeZone = 'Europe/Amsterdam'", List.of());
      assertThatThrownBy(() -> second.rows("FROM mine", List.of()))
          .isInstanceOf(PolderException.class);
      assertThat(second.rows("SELECT current_setting('TimeZone')", List.of()))
          .containsExactly(List.of("UTC"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('$DATA/../secret.csv')",
        "SELECT * FROM '$DATA/../secret.csv'",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM read_text('$DATAX/secret.csv')",
        "COPY (SELECT 1) TO '/tmp/polder-escape.csv'",
        "COPY (SELECT 1) TO '$DATA/../escape.csv'",
        "ATTACH '/tmp/polder-escape.db' AS x",
        "ATTACH '$DATA/../x.db' AS x",
        "EXPORT DATABASE '/tmp/polder-escape'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "LOAD '/tmp/x.duckdb_extension'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET allowed_directories = ['/']",
        "RESET allowed_directories",
        "SET temp_directory = '/etc'",
        "SET errors_as_json = false",
        "SET max_expression_depth = 100000000",
        "PRAGMA enable_profiling = 'json'",
        "SET profiling_output = '/tmp/polder-escape.json'",
        "CREATE PERSISTENT SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')"
      })
  void nothing_outside_of_the_allowed_directories_can_be_reached(String sql) throws Exception {
    Files.createDirectories(engine.data);
    Files.createDirectories(Path.of(engine.data + "X"));
    Files.writeString(engine.data.resolveSibling("secret.csv"), "secret");
    Files.writeString(Path.of(engine.data + "X", "secret.csv"), "secret");
    String statement = sql.replace("$DATA", engine.data.toString());
    assertThatThrownBy(
            () -> {
              try (InstanceConnection connection = engine.instance.connect()) {
                connection.execute(statement, List.of());
              }
            })
        .isInstanceOfSatisfying(
            PolderException.class, e -> assertThat(e.getMessage()).doesNotContain("secret.csv"));
    assertThat(engine.instance.failed()).isFalse();
  }
}
