package dev.polder.federation.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.polder.federation.SourceChangedException;
import dev.polder.federation.SourceClient;
import dev.polder.federation.SourceTransaction;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression.Column;
import dev.polder.sql.remote.RemoteExpression.Comparison;
import dev.polder.sql.remote.RemoteExpression.Literal;
import dev.polder.sql.remote.RemoteExpression.Operator;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresFaultsTest {
  private static final String PASSWORD = "correct horse";
  private final BufferAllocator allocator = new RootAllocator();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private String database = "";

  @BeforeEach
  void database() {
    database = Postgres.database();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
    // Fails when memory was not given back.
    allocator.close();
  }

  private SourceClient client(String... more) {
    SourceClient client = Postgres.client(database, more);
    opened.add(client);
    return client;
  }

  private static RemoteQuery all(SourceClient client, String table) {
    RemoteTable found = client.table("public", table).orElseThrow();
    return RemoteQuery.scan(found, found.columns(), List.of());
  }

  private long count(SourceTransaction transaction, RemoteQuery query) throws IOException {
    try (ArrowReader reader = transaction.read(query, allocator)) {
      long rows = 0;
      while (reader.loadNextBatch()) {
        rows += reader.getVectorSchemaRoot().getRowCount();
      }
      return rows;
    }
  }

  private static void unavailable(SourceClient client, String words) {
    assertThatThrownBy(client::schemas)
        .isInstanceOfSatisfying(
            PolderException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
              assertThat(e).hasMessageContaining("source 'pg'").hasMessageContaining(words);
              assertThat(e.getMessage()).doesNotContain(PASSWORD);
            });
  }

  @Test
  void eachReasonForNoConnectionHasItsOwnWords() throws Exception {
    unavailable(client("host", "no-such-host.invalid"), "no-such-host.invalid is not known");
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    unavailable(client("port", String.valueOf(free)), "refused the connection");
    unavailable(client("sslmode", "require"), "knows no TLS");
    unavailable(client("database", "nothing"), "database 'nothing' does not exist");
    try (ServerSocket silent = new ServerSocket(0)) {
      unavailable(
          client("port", String.valueOf(silent.getLocalPort()), "connectTimeoutSeconds", "1"),
          "did not answer in 1 s");
    }
  }

  @Test
  void passwordsTlsAndConnectionLimitsAreToldApart(@TempDir Path directory) throws Exception {
    try (EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setServerConfig("hba_file", access(directory).toString())
            .start()) {
      try (Connection connection = server.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("CREATE ROLE ann LOGIN PASSWORD '" + PASSWORD + "' CONNECTION LIMIT 1");
        statement.execute("CREATE ROLE tls LOGIN PASSWORD '" + PASSWORD + "'");
      }
      String port = String.valueOf(server.getPort());
      SourceClient ann =
          client("port", port, "user", "ann", "database", "postgres", "password", PASSWORD);
      assertThat(ann.schemas()).contains("public");
      unavailable(
          client("port", port, "user", "ann", "database", "postgres", "password", PASSWORD),
          "too many connections");
      unavailable(
          client("port", port, "user", "tls", "database", "postgres", "password", PASSWORD),
          "requires TLS");
      try (Connection connection = server.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("ALTER ROLE ann PASSWORD 'another' CONNECTION LIMIT 10");
      }
      unavailable(
          client("port", port, "user", "ann", "database", "postgres", "password", PASSWORD),
          "wrong password for user 'ann'");
      SourceClient rotated =
          client("port", port, "user", "ann", "database", "postgres", "password", "another");
      assertThat(rotated.schemas()).contains("public");
    }
  }

  private static Path access(Path directory) throws IOException {
    return Files.writeString(
        directory.resolve("hba.conf"),
        """
        local all all trust
        hostssl all tls all scram-sha-256
        host all ann all scram-sha-256
        host all postgres all trust
        """);
  }

  @Test
  void aServerThatDiesWhileItIsReadFailsTheReadAndAnotherReadReconnects() throws Exception {
    Postgres.execute(
        database,
        "CREATE TABLE public.t AS SELECT i, repeat('x', 1000) AS x FROM generate_series(1, 300000) i");
    SourceClient client = client();
    RemoteQuery query = all(client, "t");
    try (SourceTransaction transaction = client.begin(false)) {
      ArrowReader reader = transaction.read(query, allocator);
      try (reader) {
        assertThat(reader.loadNextBatch()).isTrue();
        Postgres.execute(
            "postgres",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                + database
                + "'");
        Throwable failure =
            catchThrowable(() -> {
              while (reader.loadNextBatch()) {
                // Until the break comes.
              }
            });
        assertThat(failure)
            .isInstanceOfSatisfying(
                PolderException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE));
      }
      assertThatThrownBy(() -> transaction.read(query, allocator))
          .isInstanceOf(PolderException.class);
    }
    try (SourceTransaction transaction = client.begin(false)) {
      assertThat(count(transaction, query)).isEqualTo(300_000);
    }
  }

  @Test
  void anIdleConnectionThatDiedIsReplacedUnseen() throws Exception {
    Postgres.execute(database, "CREATE TABLE public.t AS SELECT 1 AS i");
    SourceClient client = client();
    RemoteQuery query = all(client, "t");
    Postgres.execute(
        "postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
            + database
            + "'");
    Awaitility.await()
        .until(() ->
            Postgres.column(
                    "postgres",
                    "SELECT pid FROM pg_stat_activity WHERE datname = '" + database + "'")
                .isEmpty());
    try (SourceTransaction transaction = client.begin(false)) {
      assertThat(count(transaction, query)).isEqualTo(1);
    }
  }

  @Test
  void aCancelledQueryEndsInTheServer() throws Exception {
    Postgres.execute(database, "CREATE VIEW public.slow AS SELECT 1 AS i FROM pg_sleep(600)");
    SourceClient client = client();
    RemoteQuery query = all(client, "slow");
    SourceTransaction transaction = client.begin(false);
    CompletableFuture<Throwable> failure =
        CompletableFuture.supplyAsync(() -> catchThrowable(() -> count(transaction, query)));
    Awaitility.await().until(() -> !sleeping().isEmpty());
    transaction.cancel();
    assertThat(failure.get(10, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            PolderException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.STATEMENT_CANCELLED));
    Awaitility.await().until(() -> sleeping().isEmpty());
    assertThatThrownBy(() -> transaction.read(query, allocator))
        .hasMessageContaining("was cancelled");
    transaction.close();
  }

  @Test
  void closingAReaderEndsItsQueryAndTheTransactionGoesOn() throws Exception {
    Postgres.execute(
        database,
        "CREATE VIEW public.slow AS SELECT pg_sleep(CASE WHEN i < 90000 THEN 0 ELSE 600 END)::text AS s,"
            + " repeat('x', 100) AS x FROM generate_series(1, 100000) i",
        "CREATE TABLE public.t AS SELECT i, repeat('x', 100) AS x FROM generate_series(1, 500000) i");
    SourceClient client = client();
    RemoteQuery slow = all(client, "slow");
    RemoteQuery table = all(client, "t");
    try (SourceTransaction transaction = client.begin(false)) {
      ArrowReader reader = transaction.read(table, allocator);
      assertThat(reader.loadNextBatch()).isTrue();
      reader.close();
      Postgres.execute(database, "DELETE FROM public.t");
      ArrowReader waiting = transaction.read(slow, allocator);
      assertThat(waiting.loadNextBatch()).isTrue();
      Awaitility.await().until(() -> !sleeping().isEmpty());
      waiting.close();
      assertThat(sleeping()).isEmpty();
      // Of the moment of the first read.
      assertThat(count(transaction, table)).isEqualTo(500_000);
    }
    assertThat(
            Postgres.column(
                "postgres",
                "SELECT state FROM pg_stat_activity WHERE datname = '" + database + "'"))
        .containsOnly("idle");
  }

  @Test
  void aTransactionThatClosesBeforeItsReaderEndsTheQuery() throws Exception {
    Postgres.execute(
        database,
        "CREATE TABLE public.t AS SELECT i, repeat('x', 100) AS x FROM generate_series(1, 500000) i");
    SourceClient client = client();
    RemoteQuery query = all(client, "t");
    SourceTransaction transaction = client.begin(false);
    try (ArrowReader reader = transaction.read(query, allocator)) {
      assertThat(reader.loadNextBatch()).isTrue();
      transaction.close();
      Throwable failure =
          catchThrowable(() -> {
            while (reader.loadNextBatch()) {
              // What was read ahead.
            }
          });
      assertThat(failure).isInstanceOf(PolderException.class);
    }
    try (SourceTransaction another = client.begin(false)) {
      assertThat(count(another, query)).isEqualTo(500_000);
    }
  }

  private List<String> sleeping() {
    return Postgres.column(
        "postgres",
        "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND wait_event = 'PgSleep'"
            + " AND datname = '"
            + database
            + "'");
  }

  @Test
  void aTableThatChangedBetweenTwoReadsFailsAndIsLookedUpAnew() throws Exception {
    SourceClient client = client("metadataCacheSeconds", "3600");
    for (String change :
        List.of(
            "ALTER TABLE public.t DROP COLUMN a",
            "ALTER TABLE public.t RENAME COLUMN a TO c",
            "ALTER TABLE public.t ALTER COLUMN a TYPE bigint",
            "ALTER TABLE public.t ALTER COLUMN a TYPE real",
            "ALTER TABLE public.t ALTER COLUMN a TYPE text",
            "DROP TABLE public.t")) {
      Postgres.execute(
          database,
          "DROP TABLE IF EXISTS public.t",
          "CREATE TABLE public.t AS SELECT 1 AS a, 2 AS b");
      client.invalidate();
      RemoteQuery query = all(client, "t");
      try (SourceTransaction transaction = client.begin(false)) {
        assertThat(count(transaction, query)).isEqualTo(1);
      }
      Postgres.execute(database, change);
      try (SourceTransaction transaction = client.begin(false)) {
        assertThatThrownBy(() -> transaction.read(query, allocator))
            .as(change)
            .isInstanceOf(SourceChangedException.class)
            .hasMessageContaining("source 'pg'");
        // The transaction can ask again for the table as it is now.
        if (client.table("public", "t").isPresent()) {
          assertThat(count(transaction, all(client, "t"))).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void noConnectionFreeIsSaidAfterAWhile() {
    SourceClient client = client("maxConnections", "1", "connectTimeoutSeconds", "1");
    Postgres.execute(database, "CREATE TABLE public.t AS SELECT 1 AS a");
    RemoteQuery query = all(client, "t");
    try (SourceTransaction transaction = client.begin(false);
        ArrowReader reader = transaction.read(query, allocator);
        SourceTransaction other = client.begin(false)) {
      assertThatThrownBy(() -> other.read(query, allocator))
          .hasMessageContaining("all 1 connections are in use");
      assertThat(reader).isNotNull();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aLargeTableIsReadOverSeveralConnectionsAsOfOneMoment() throws Exception {
    Postgres.execute(
        database,
        "CREATE TABLE public.big WITH (fillfactor = 10) AS"
            + " SELECT i, repeat('x', 700) AS x FROM generate_series(1, 100000) i",
        "VACUUM ANALYZE public.big");
    SourceClient client = client("parallelReads", "3");
    RemoteTable table = client.table("public", "big").orElseThrow();
    RemoteColumn id = table.column("i").orElseThrow();
    RemoteQuery query = RemoteQuery.scan(table, List.of(id), List.of());
    try (SourceTransaction transaction = client.begin(false)) {
      ArrowReader reader = transaction.read(query, allocator);
      Postgres.execute(database, "DELETE FROM public.big WHERE i % 2 = 0");
      long rows = 0;
      long sum = 0;
      try (reader) {
        while (reader.loadNextBatch()) {
          var values =
              (org.apache.arrow.vector.IntVector) reader.getVectorSchemaRoot().getVector(0);
          rows += values.getValueCount();
          for (int i = 0; i < values.getValueCount(); i++) {
            sum += values.get(i);
          }
        }
      }
      assertThat(rows).isEqualTo(100_000);
      assertThat(sum).isEqualTo(100_000L * 100_001 / 2);
      assertThat(
              Postgres.column(
                  "postgres",
                  "SELECT count(*) FROM pg_stat_activity"
                      + " WHERE application_name = 'polder' AND datname = '"
                      + database
                      + "'"))
          .containsExactly("3");
      RemoteQuery early = RemoteQuery.scan(table, List.of(id), List.of());
      ArrowReader left = transaction.read(early, allocator);
      assertThat(left.loadNextBatch()).isTrue();
      left.close();
      assertThat(count(transaction, query)).isEqualTo(100_000);
    }
  }

  @Test
  void changesAreCommittedTogetherOrNotAtAll() throws Exception {
    Postgres.execute(
        database,
        "CREATE TABLE public.t (id int PRIMARY KEY, name text NOT NULL, n numeric(10,2))",
        "INSERT INTO public.t VALUES (1, 'a', 1.5), (2, 'b', 2.5)");
    SourceClient client = client();
    RemoteTable table = client.table("public", "t").orElseThrow();
    Column id = new Column(0, table.column("id").orElseThrow());
    RemoteColumn name = table.column("name").orElseThrow();
    Comparison first = new Comparison(Operator.EQUAL, id, new Literal(1L, "INTEGER"));
    try (SourceTransaction transaction = client.begin(true)) {
      assertThat(
              transaction.update(
                  table, java.util.Map.of(name, new Literal("z", "VARCHAR")), List.of(first)))
          .isEqualTo(1);
      assertThat(transaction.delete(table, List.of(first))).isEqualTo(1);
      assertThat(count(transaction, all(client, "t"))).isEqualTo(1);
    }
    assertThat(Postgres.column(database, "SELECT name FROM public.t ORDER BY id"))
        .containsExactly("a", "b");
    try (SourceTransaction transaction = client.begin(true)) {
      transaction.update(
          table, java.util.Map.of(name, new Literal("z", "VARCHAR")), List.of(first));
      transaction.commit();
    }
    assertThat(Postgres.column(database, "SELECT name FROM public.t ORDER BY id"))
        .containsExactly("z", "b");
    try (SourceTransaction transaction = client.begin(true)) {
      assertThatThrownBy(() ->
              transaction.update(
                  table,
                  java.util.Map.of(table.column("id").orElseThrow(), new Literal(2L, "INTEGER")),
                  List.of(first)))
          .hasMessageContaining("duplicate key value")
          .hasMessageContaining("23505");
      assertThatThrownBy(transaction::commit)
          .isInstanceOfSatisfying(
              PolderException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.TRANSACTION_ABORTED));
    }
    try (SourceTransaction transaction = client.begin(true)) {
      assertThatThrownBy(() ->
              transaction.update(
                  table, java.util.Map.of(name, new Literal(null, "VARCHAR")), List.of(first)))
          .isInstanceOfSatisfying(
              PolderException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_NULL_VIOLATION));
    }
  }

  @Test
  void textsBecomeWhatElseTheColumnsTypeIs() {
    Postgres.execute(
        database,
        "CREATE TYPE public.mood AS ENUM ('sad', 'ok')",
        "CREATE TABLE public.t AS SELECT '10.0.0.1'::inet AS a, '{}'::jsonb AS j, 'sad'::public.mood AS m");
    SourceClient client = client();
    RemoteTable table = client.table("public", "t").orElseThrow();
    try (SourceTransaction transaction = client.begin(true)) {
      transaction.update(
          table,
          java.util.Map.of(
              table.column("a").orElseThrow(), new Literal("::1", "VARCHAR"),
              table.column("j").orElseThrow(), new Literal("[1]", "JSON"),
              table.column("m").orElseThrow(), new Literal("ok", "VARCHAR")),
          List.of());
      transaction.commit();
    }
    assertThat(Postgres.column(database, "SELECT a::text || j || m FROM public.t"))
        .containsExactly("::1/128[1]ok");
  }

  @Test
  void aReadOnlySourceRefusesToBeWritten() {
    Postgres.execute(database, "CREATE TABLE public.t AS SELECT 1 AS a");
    var settings = Postgres.settings(database);
    try (SourceClient client =
        Postgres.client(
            new dev.polder.federation.SourceSettings("pg", true, settings.properties()))) {
      assertThatThrownBy(() -> client.begin(true))
          .isInstanceOfSatisfying(
              PolderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.READ_ONLY));
    }
  }

  @Test
  void namesAreFoundWithoutCaseUnlessTheyDifferInNothingElse() {
    Postgres.execute(
        database,
        "CREATE SCHEMA \"Sales\"",
        "CREATE TABLE \"Sales\".\"Orders\" (\"Id\" int, x int, \"X\" int)",
        "CREATE TABLE public.\"T\" (a int)",
        "CREATE TABLE public.t (a int)",
        "CREATE VIEW public.v AS SELECT 1 AS a",
        "CREATE MATERIALIZED VIEW public.m AS SELECT 1 AS a",
        "CREATE TABLE public.parts (a int) PARTITION BY RANGE (a)",
        "CREATE TABLE public.parts1 PARTITION OF public.parts FOR VALUES FROM (0) TO (10)");
    SourceClient client = client();
    assertThat(client.schemas()).containsExactly("Sales", "public");
    assertThat(client.tables("SALES")).containsExactly(new SourceClient.Listed("Orders", false));
    assertThat(client.tables("public"))
        .containsExactly(
            new SourceClient.Listed("m", true),
            new SourceClient.Listed("parts", false),
            new SourceClient.Listed("v", true));
    RemoteTable orders = client.table("sales", "ORDERS").orElseThrow();
    assertThat(orders.toString()).isEqualTo("pg.Sales.Orders");
    assertThat(orders.columns()).extracting(RemoteColumn::name).containsExactly("Id");
    assertThat(client.table("public", "t")).isEmpty();
    assertThat(client.table("nothing", "t")).isEmpty();
    assertThat(client.table("public", "parts").orElseThrow().view()).isFalse();
  }

  @Test
  void wrongPropertiesAreRefusedByName() {
    for (List<String> wrong :
        List.of(
            List.of("port", "0"),
            List.of("sslmode", "maybe"),
            List.of("numeric", "decimal(50,2)"),
            List.of("maxConnections", "many"),
            List.of("parallelReads", "99"))) {
      assertThatThrownBy(() -> Postgres.client(database, wrong.get(0), wrong.get(1)))
          .isInstanceOfSatisfying(
              PolderException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER))
          .hasMessageContaining(wrong.get(0));
    }
  }
}
