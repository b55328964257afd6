package dev.polder.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polder.server.LiveServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.arrow.adbc.core.AdbcConnection;
import org.apache.arrow.adbc.core.AdbcDatabase;
import org.apache.arrow.adbc.core.AdbcDriver;
import org.apache.arrow.adbc.core.AdbcException;
import org.apache.arrow.adbc.core.AdbcStatement;
import org.apache.arrow.adbc.core.BulkIngestMode;
import org.apache.arrow.adbc.driver.flightsql.FlightSqlConnectionProperties;
import org.apache.arrow.adbc.driver.flightsql.FlightSqlDriver;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.flight.sql.FlightSqlClient.ExecuteIngestOptions;
import org.apache.arrow.flight.sql.FlightSqlClient.Transaction;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions.TableExistsOption;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions.TableNotExistOption;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bulk ingestion through ADBC, on its own and inside of transactions. */
@SuppressWarnings({"try", "deprecation"})
final class IngestTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static LiveServer server;
  private BufferAllocator allocator;
  private AdbcDatabase database;
  private AdbcConnection connection;
  private String table;

  @BeforeAll
  static void start() {
    server = new LiveServer(Map.of());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void connect() throws AdbcException {
    allocator = new RootAllocator();
    Map<String, Object> parameters = new HashMap<>();
    AdbcDriver.PARAM_URI.set(
        parameters, "grpc+tcp://127.0.0.1:" + server.endpoints().flight().getPort());
    AdbcDriver.PARAM_USERNAME.set(parameters, LiveServer.ADMIN);
    AdbcDriver.PARAM_PASSWORD.set(parameters, LiveServer.PASSWORD);
    FlightSqlConnectionProperties.WITH_COOKIE_MIDDLEWARE.set(parameters, true);
    database = new FlightSqlDriver(allocator).open(parameters);
    connection = database.connect();
    table = "t_" + UUID.randomUUID().toString().replace("-", "");
  }

  @AfterEach
  void disconnect() throws Exception {
    connection.close();
    database.close();
    allocator.close();
  }

  private void ingest(BulkIngestMode mode, int rows) throws Exception {
    try (AdbcStatement statement = connection.bulkIngest(table, mode);
        BigIntVector numbers = new BigIntVector("i", allocator);
        VarCharVector texts = new VarCharVector("s", allocator)) {
      for (int i = 0; i < rows; i++) {
        numbers.setSafe(i, i);
        if (i % 3 == 0) {
          texts.setNull(i);
        } else {
          texts.setSafe(i, ("v" + i).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
      }
      numbers.setValueCount(rows);
      texts.setValueCount(rows);
      statement.bind(new VectorSchemaRoot(List.of(numbers, texts)));
      statement.executeUpdate();
    }
  }

  private long committedRows() {
    return server.admin("SELECT count(*) FROM " + table).cell().asLong();
  }

  @Test
  void theDriverCreatesAndAppends() throws Exception {
    assertThatThrownBy(() -> ingest(BulkIngestMode.APPEND, 1))
        .hasStackTraceContaining("COLLECTION_NOT_FOUND");
    ingest(BulkIngestMode.CREATE, 4);
    assertThat(committedRows()).isEqualTo(4);
    assertThatThrownBy(() -> ingest(BulkIngestMode.CREATE, 1))
        .hasStackTraceContaining("COLLECTION_EXISTS");
    ingest(BulkIngestMode.APPEND, 3);
    assertThat(committedRows()).isEqualTo(7);
    assertThat(
            server
                .admin("SELECT list([i::VARCHAR, s] ORDER BY i)::VARCHAR FROM " + table)
                .cell()
                .asText())
        .isEqualTo("[[0, NULL], [0, NULL], [1, v1], [1, v1], [2, v2], [2, v2], [3, NULL]]");
  }

  @Test
  void whatIsIngestedIsInTheAuditTrailWithItsCommit() throws Exception {
    server.admin("ALTER DATABASE \"default\" SET AUDIT_DML = 'writes'");
    try (FlightClient flight = flight();
        FlightSqlClient client = new FlightSqlClient(flight)) {
      CallOption auth = login(flight);
      stream(client, 4, null, auth);
      Transaction given = client.beginTransaction(auth);
      stream(client, 9, given, auth);
      client.rollback(given, auth);
      Transaction kept = client.beginTransaction(auth);
      stream(client, 3, kept, auth);
      stream(client, 2, kept, auth);
      client.commit(kept, auth);
    } finally {
      server.admin("ALTER DATABASE \"default\" SET AUDIT_DML = 'none'");
    }
    List<String> trail = new ArrayList<>();
    for (JsonNode record :
        server
            .admin(
                "SHOW AUDIT IN DATABASE \"default\" WHERE event_type = 'dml' AND object = 'main."
                    + table
                    + "'")
            .json()
            .get("rows")) {
      JsonNode detail = JSON.readTree(record.get(8).asText());
      assertThat(record.get(3).asText()).isEqualTo(LiveServer.ADMIN);
      assertThat(detail.get("commit_seq").asLong()).isPositive();
      trail.add(detail.get("operation").asText() + " " + detail.get("row_count").asText());
    }
    assertThat(trail).containsExactly("INGEST 5", "INGEST 4");
  }

  private FlightClient flight() {
    return FlightClient.builder(
            allocator, Location.forGrpcInsecure("127.0.0.1", server.endpoints().flight().getPort()))
        .build();
  }

  private static CallOption login(FlightClient flight) {
    return flight.authenticateBasicToken(LiveServer.ADMIN, LiveServer.PASSWORD).orElseThrow();
  }

  private long stream(FlightSqlClient client, int rows, Transaction transaction, CallOption auth) {
    TableDefinitionOptions definition =
        TableDefinitionOptions.newBuilder()
            .setIfNotExist(TableNotExistOption.TABLE_NOT_EXIST_OPTION_CREATE)
            .setIfExists(TableExistsOption.TABLE_EXISTS_OPTION_APPEND)
            .build();
    ExecuteIngestOptions options =
        new ExecuteIngestOptions(table, definition, false, null, null, Map.of());
    try (BigIntVector numbers = new BigIntVector("i", allocator)) {
      for (int i = 0; i < rows; i++) {
        numbers.setSafe(i, i);
      }
      numbers.setValueCount(rows);
      VectorSchemaRoot root = new VectorSchemaRoot(List.of(numbers));
      return transaction == null
          ? client.executeIngest(root, options, auth)
          : client.executeIngest(root, options, transaction, auth);
    }
  }

  @Test
  void aStreamedIngestBelongsToItsTransaction() throws Exception {
    try (FlightClient flight = flight();
        FlightSqlClient client = new FlightSqlClient(flight)) {
      CallOption auth = login(flight);
      assertThat(stream(client, 300_000, null, auth)).isEqualTo(300_000);
      assertThat(
              server
                  .admin("SELECT sum(i) = 299999::BIGINT * 150000 FROM " + table)
                  .cell()
                  .asBoolean())
          .isTrue();
      Transaction given = client.beginTransaction(auth);
      assertThat(stream(client, 3, given, auth)).isEqualTo(3);
      assertThat(stream(client, 4, given, auth)).isEqualTo(4);
      assertThat(committedRows()).isEqualTo(300_000);
      client.rollback(given, auth);
      assertThat(committedRows()).isEqualTo(300_000);
      Transaction kept = client.beginTransaction(auth);
      stream(client, 5, kept, auth);
      client.commit(kept, auth);
      assertThat(committedRows()).isEqualTo(300_005);
    }
  }
}
