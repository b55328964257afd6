package dev.polder.door.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.CancelFlightInfoRequest;
import org.apache.arrow.flight.CancelStatus;
import org.apache.arrow.flight.CloseSessionRequest;
import org.apache.arrow.flight.CloseSessionResult;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.GetSessionOptionsRequest;
import org.apache.arrow.flight.SessionOptionValueFactory;
import org.apache.arrow.flight.SetSessionOptionsRequest;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.FlightSqlClient.ExecuteIngestOptions;
import org.apache.arrow.flight.sql.FlightSqlClient.PreparedStatement;
import org.apache.arrow.flight.sql.FlightSqlClient.Transaction;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions.TableExistsOption;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions.TableNotExistOption;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlInfo;
import org.apache.arrow.flight.sql.util.TableRef;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for Arrow's own Flight SQL client, whatever the server runs on. */
@SuppressWarnings({"try", "deprecation"})
public abstract class FlightSqlContract {
  private BufferAllocator allocator;
  private FlightClients client;

  protected abstract ServerUnderTest server();

  @BeforeEach
  void connect() {
    allocator = new RootAllocator();
    client = FlightClients.of(server(), allocator);
  }

  @AfterEach
  void disconnect() throws Exception {
    client.sql.closeSession(new CloseSessionRequest(), client.options);
    client.close();
    allocator.close();
  }

  private String table() {
    String name = FlightClients.freshName();
    client.update("CREATE TABLE " + name + " (i INTEGER)");
    return name;
  }

  private long count(String table) {
    return (Long) client.query("SELECT count(*) FROM " + table).get(0).get(0);
  }

  @Test
  void theSchemaIsKnownBeforeTheRowsAreRead() {
    FlightInfo info = client.sql.execute("SELECT 1 AS a, 'x' AS b", client.options);
    assertThat(info.getSchema().getFields()).extracting("name").containsExactly("a", "b");
    assertThat(client.fetch(info)).containsExactly(List.of(1, "x"));
  }

  @Test
  void aWriteRunsOnceHoweverOftenItIsAnnounced() {
    String table = table();
    String insert = "INSERT INTO " + table + " VALUES (1)";
    FlightInfo first = client.sql.execute(insert, client.options);
    FlightInfo second = client.sql.execute(insert, client.options);
    assertThat(count(table)).isZero();
    assertThat(client.fetch(second)).containsExactly(List.of(1L));
    assertThat(count(table)).isEqualTo(1);
    assertThatThrownBy(() -> client.fetch(second))
        .hasMessageContaining("INVALID_PARAMETER (22023)");
    assertThat(count(table)).isEqualTo(1);
    assertThat(client.fetch(first)).containsExactly(List.of(1L));
    assertThat(count(table)).isEqualTo(2);
  }

  @Test
  void aTicketIsGoodForItsOwnPrincipalAlone() throws Exception {
    FlightInfo info = client.sql.execute("SELECT 1", client.options);
    try (FlightClients other =
        new FlightClients(server(), allocator, server().otherUser(), server().otherPassword())) {
      assertThatThrownBy(() -> other.fetch(info)).hasMessageContaining("ticket is unknown");
    }
    assertThat(client.fetch(info)).hasSize(1);
  }

  @Test
  void malformedAndForgedTicketsAreRefused() {
    for (byte[] ticket :
        List.of(
            new byte[0],
            new byte[] {1, 2, 3},
            "hello".getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
      assertThatThrownBy(
              () -> {
                try (FlightStream stream =
                    client.sql.getStream(new Ticket(ticket), client.options)) {
                  stream.next();
                }
              })
          .isInstanceOf(FlightRuntimeException.class)
          .hasMessageContaining("(");
    }
    assertThat(client.query("SELECT 1")).hasSize(1);
  }

  @Test
  void aTransactionIsSeenByOthersOnlyAfterItsCommit() {
    String table = table();
    Transaction transaction = client.sql.beginTransaction(client.options);
    assertThat(
            client.sql.executeUpdate(
                "INSERT INTO " + table + " VALUES (1), (2)", transaction, client.options))
        .isEqualTo(2);
    assertThat(count(table)).isZero();
    assertThat(
            client.fetch(
                client.sql.execute("SELECT count(*) FROM " + table, transaction, client.options)))
        .containsExactly(List.of(2L));
    client.sql.commit(transaction, client.options);
    assertThat(count(table)).isEqualTo(2);
    assertThatThrownBy(
            () -> client.sql.executeUpdate("DELETE FROM " + table, transaction, client.options))
        .hasMessageContaining("NO_ACTIVE_TRANSACTION (25P01)");
  }

  @Test
  void aRolledBackTransactionLeavesNothing() {
    String table = table();
    Transaction transaction = client.sql.beginTransaction(client.options);
    client.sql.executeUpdate("INSERT INTO " + table + " VALUES (1)", transaction, client.options);
    client.sql.rollback(transaction, client.options);
    assertThat(count(table)).isZero();
  }

  @Test
  void aTransactionOfAnotherSessionIsRefused() throws Exception {
    Transaction transaction = client.sql.beginTransaction(client.options);
    try (FlightClients other = FlightClients.of(server(), allocator)) {
      assertThatThrownBy(() -> other.sql.execute("SELECT 1", transaction, other.options))
          .hasMessageContaining("NO_ACTIVE_TRANSACTION");
    }
    client.sql.rollback(transaction, client.options);
  }

  @Test
  void savepointsAreRefused() {
    Transaction transaction = client.sql.beginTransaction(client.options);
    assertThatThrownBy(() -> client.sql.beginSavepoint(transaction, "s", client.options))
        .hasMessageContaining("NOT_SUPPORTED (0A000)");
    client.sql.rollback(transaction, client.options);
  }

  @Test
  void severalRowsOfParametersTakeEffectAsAWhole() {
    String table = FlightClients.freshName();
    client.update("CREATE TABLE " + table + " (i INTEGER NOT NULL)");
    try (PreparedStatement insert =
            client.sql.prepare("INSERT INTO " + table + " VALUES (10 // ?)", client.options);
        VectorSchemaRoot good = FlightClients.ints(allocator, 1, 2, 3);
        VectorSchemaRoot bad = FlightClients.ints(allocator, 1, 0, 3)) {
      insert.setParameters(good);
      assertThat(insert.executeUpdate(client.options)).isEqualTo(3);
      insert.setParameters(bad);
      assertThatThrownBy(() -> insert.executeUpdate(client.options))
          .isInstanceOf(FlightRuntimeException.class);
      insert.clearParameters();
      insert.close(client.options);
    }
    assertThat(count(table)).isEqualTo(3);
  }

  @Test
  void aPreparedQueryTakesParametersEachTime() {
    try (PreparedStatement query =
        client.sql.prepare("SELECT range FROM range(10) WHERE range = ?", client.options)) {
      for (int i = 0; i < 3; i++) {
        try (VectorSchemaRoot root = FlightClients.ints(allocator, i)) {
          query.setParameters(root);
          assertThat(client.fetch(query.execute(client.options)))
              .containsExactly(List.of((long) i));
          query.clearParameters();
        }
      }
      query.close(client.options);
    }
  }

  @Test
  void cancellingAnnouncedAndRunningStatementsEndsThem() throws Exception {
    FlightInfo announced = client.sql.execute("SELECT 1", client.options);
    assertThat(cancel(announced)).isEqualTo(CancelStatus.CANCELLED);
    assertThat(cancel(announced)).isEqualTo(CancelStatus.NOT_CANCELLABLE);
    assertThatThrownBy(() -> client.fetch(announced)).hasMessageContaining("ticket is unknown");

    FlightInfo running =
        client.sql.execute("SELECT a.range FROM range(100000000) a, range(100) b", client.options);
    try (FlightStream stream =
        client.sql.getStream(running.getEndpoints().get(0).getTicket(), client.options)) {
      assertThat(stream.next()).isTrue();
      assertThat(cancel(running)).isEqualTo(CancelStatus.CANCELLED);
      assertThatThrownBy(
              () -> {
                while (stream.next()) {
                  stream.getRoot().clear();
                }
              })
          .hasMessageContaining("STATEMENT_CANCELLED");
    }
  }

  private CancelStatus cancel(FlightInfo info) {
    return client
        .sql
        .cancelFlightInfo(new CancelFlightInfoRequest(info), client.options)
        .getStatus();
  }

  @Test
  void aClientThatLeavesAStreamEndsItsStatement() throws Exception {
    String busy = "SELECT a.range FROM range(100000000) a, range(100) b";
    for (int i = 0; i < 12; i++) {
      FlightInfo info = client.sql.execute(busy, client.options);
      try (FlightStream stream =
          client.sql.getStream(info.getEndpoints().get(0).getTicket(), client.options)) {
        stream.next();
        stream.cancel("enough", null);
      }
    }
    assertThat(client.query("SELECT 1")).hasSize(1);
  }

  @Test
  void aDeadlineEndsTheStatement() {
    CallOption[] hurried = java.util.Arrays.copyOf(client.options, client.options.length + 1);
    hurried[client.options.length] = CallOptions.timeout(300, TimeUnit.MILLISECONDS);
    assertThatThrownBy(() ->
            client.sql.executeUpdate(
                "CREATE TABLE never AS SELECT sum(a.range * b.range) FROM range(1000000000) a, range(1000) b",
                hurried))
        .isInstanceOf(FlightRuntimeException.class);
    Awaitility.await()
        .atMost(20, TimeUnit.SECONDS)
        .untilAsserted(() ->
            assertThat(
                    client.query(
                        "SELECT count(*) FROM information_schema.tables WHERE table_name = 'never'"))
                .containsExactly(List.of(0L)));
  }

  @Test
  void ingestionCreatesAppendsReplacesAndFails() {
    String table = FlightClients.freshName();
    assertThat(
            ingest(
                table,
                TableNotExistOption.TABLE_NOT_EXIST_OPTION_CREATE,
                TableExistsOption.TABLE_EXISTS_OPTION_FAIL,
                false))
        .isEqualTo(3);
    assertThatThrownBy(() ->
            ingest(
                table,
                TableNotExistOption.TABLE_NOT_EXIST_OPTION_CREATE,
                TableExistsOption.TABLE_EXISTS_OPTION_FAIL,
                false))
        .hasMessageContaining("COLLECTION_EXISTS");
    ingest(
        table,
        TableNotExistOption.TABLE_NOT_EXIST_OPTION_FAIL,
        TableExistsOption.TABLE_EXISTS_OPTION_APPEND,
        false);
    assertThat(count(table)).isEqualTo(6);
    ingest(
        table,
        TableNotExistOption.TABLE_NOT_EXIST_OPTION_FAIL,
        TableExistsOption.TABLE_EXISTS_OPTION_REPLACE,
        false);
    assertThat(count(table)).isEqualTo(3);
    assertThatThrownBy(() ->
            ingest(
                FlightClients.freshName(),
                TableNotExistOption.TABLE_NOT_EXIST_OPTION_FAIL,
                TableExistsOption.TABLE_EXISTS_OPTION_APPEND,
                false))
        .hasMessageContaining("COLLECTION_NOT_FOUND");
    assertThatThrownBy(() ->
            ingest(
                table,
                TableNotExistOption.TABLE_NOT_EXIST_OPTION_CREATE,
                TableExistsOption.TABLE_EXISTS_OPTION_APPEND,
                true))
        .hasMessageContaining("NOT_SUPPORTED");
    assertThatThrownBy(() ->
            ingest(
                table,
                TableNotExistOption.TABLE_NOT_EXIST_OPTION_UNSPECIFIED,
                TableExistsOption.TABLE_EXISTS_OPTION_APPEND,
                false))
        .hasMessageContaining("INVALID_PARAMETER");
  }

  private long ingest(
      String table, TableNotExistOption absent, TableExistsOption present, boolean temporary) {
    TableDefinitionOptions definition =
        TableDefinitionOptions.newBuilder().setIfNotExist(absent).setIfExists(present).build();
    try (VectorSchemaRoot root = FlightClients.ints(allocator, 1, 2, 3)) {
      return client.sql.executeIngest(
          root,
          new ExecuteIngestOptions(table, definition, temporary, null, null, Map.of()),
          client.options);
    }
  }

  @Test
  void aMillionRowsAreTheSourcesRows() throws Exception {
    FlightInfo info =
        client.sql.execute("SELECT range * 3 AS v FROM range(1000000) ORDER BY 1", client.options);
    long row = 0;
    try (FlightStream stream =
        client.sql.getStream(info.getEndpoints().get(0).getTicket(), client.options)) {
      while (stream.next()) {
        BigIntVector vector = (BigIntVector) stream.getRoot().getVector(0);
        for (int i = 0; i < vector.getValueCount(); i++) {
          assertThat(vector.get(i)).isEqualTo(3 * row++);
        }
      }
    }
    assertThat(row).isEqualTo(1_000_000);
  }

  @Test
  void sessionOptionsCanBeSetReadAndRefused() {
    client.update("CREATE SCHEMA IF NOT EXISTS corner");
    assertThat(
            client
                .sql
                .setSessionOptions(
                    new SetSessionOptionsRequest(
                        Map.of(
                            "schema", SessionOptionValueFactory.makeSessionOptionValue("corner"))),
                    client.options)
                .hasErrors())
        .isFalse();
    assertThat(
            client
                .sql
                .getSessionOptions(new GetSessionOptionsRequest(), client.options)
                .getSessionOptions())
        .containsEntry("schema", SessionOptionValueFactory.makeSessionOptionValue("corner"))
        .containsEntry(
            "catalog", SessionOptionValueFactory.makeSessionOptionValue(server().database()));
    assertThat(
            client
                .sql
                .setSessionOptions(
                    new SetSessionOptionsRequest(
                        Map.of("color", SessionOptionValueFactory.makeSessionOptionValue("blue"))),
                    client.options)
                .getErrors())
        .containsKey("color");
    assertThat(client.query("SELECT current_schema()")).containsExactly(List.of("corner"));
    assertThat(client.sql.closeSession(new CloseSessionRequest(), client.options).getStatus())
        .isEqualTo(CloseSessionResult.Status.CLOSED);
    assertThat(client.query("SELECT current_schema()")).containsExactly(List.of("main"));
  }

  @Test
  void metadataHasTheShapesOfTheProtocol() {
    String table = table();
    CallOption[] options = client.options;
    TableRef ref = TableRef.of(null, "main", table);
    for (FlightInfo info :
        List.of(
            client.sql.getPrimaryKeys(ref, options),
            client.sql.getImportedKeys(ref, options),
            client.sql.getExportedKeys(ref, options),
            client.sql.getCrossReference(ref, ref, options))) {
      assertThat(client.fetch(info)).isEmpty();
    }
    assertThat(client.fetch(client.sql.getTableTypes(options)))
        .containsExactly(List.of("TABLE"), List.of("VIEW"));
    assertThat(client.fetch(client.sql.getXdbcTypeInfo(options))).hasSizeGreaterThan(20);
    assertThat(client.fetch(client.sql.getXdbcTypeInfo(4, options))).hasSize(2);
    assertThat(client.fetch(client.sql.getSchemas(null, "ma_n", options)))
        .extracting(row -> row.get(1))
        .contains("main");
    assertThat(
            client.fetch(client.sql.getTables(null, null, table, List.of("TABLE"), true, options)))
        .hasSize(1);
    assertThat(
            client.fetch(client.sql.getTables(null, null, table, List.of("VIEW"), false, options)))
        .isEmpty();
    assertThat(
            client.fetch(
                client.sql.getSqlInfo(
                    new SqlInfo[] {SqlInfo.FLIGHT_SQL_SERVER_NAME, SqlInfo.SQL_KEYWORDS}, options)))
        .hasSize(2);
  }

  @Test
  void callsWithoutCredentialsAreRefused() {
    for (org.assertj.core.api.ThrowableAssert.ThrowingCallable call :
        List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            () -> client.sql.execute("SELECT 1"),
            () -> client.sql.getSqlInfo(SqlInfo.FLIGHT_SQL_SERVER_NAME),
            () -> client.sql.getTableTypes(),
            () -> client.sql.prepare("SELECT 1"),
            () -> client.sql.executeUpdate("SELECT 1"),
            () -> client.client.listActions().iterator().next())) {
      assertThatThrownBy(call).hasMessageContaining("AUTHENTICATION_FAILED (28000)");
    }
  }
}
