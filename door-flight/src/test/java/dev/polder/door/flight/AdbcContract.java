package dev.polder.door.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.adbc.core.AdbcConnection;
import org.apache.arrow.adbc.core.AdbcDatabase;
import org.apache.arrow.adbc.core.AdbcDriver;
import org.apache.arrow.adbc.core.AdbcException;
import org.apache.arrow.adbc.core.AdbcStatement;
import org.apache.arrow.adbc.core.BulkIngestMode;
import org.apache.arrow.adbc.driver.flightsql.FlightSqlConnectionProperties;
import org.apache.arrow.adbc.driver.flightsql.FlightSqlDriver;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for the ADBC driver, whatever the server runs on. */
@SuppressWarnings({"try", "deprecation"})
public abstract class AdbcContract {
  private BufferAllocator allocator;
  private AdbcDatabase database;
  private AdbcConnection connection;

  protected abstract ServerUnderTest server();

  @BeforeEach
  void connect() throws AdbcException {
    allocator = new RootAllocator();
    Map<String, Object> parameters = new HashMap<>();
    AdbcDriver.PARAM_URI.set(parameters, server().location().toString());
    AdbcDriver.PARAM_USERNAME.set(parameters, server().user());
    AdbcDriver.PARAM_PASSWORD.set(parameters, server().password());
    parameters.put(
        FlightSqlConnectionProperties.RPC_CALL_HEADER_PREFIX + "database", server().database());
    FlightSqlConnectionProperties.WITH_COOKIE_MIDDLEWARE.set(parameters, true);
    database = new FlightSqlDriver(allocator).open(parameters);
    connection = database.connect();
  }

  @AfterEach
  void disconnect() throws Exception {
    connection.close();
    database.close();
    allocator.close();
  }

  private List<Object> query(String sql) throws Exception {
    try (AdbcStatement statement = connection.createStatement()) {
      statement.setSqlQuery(sql);
      return firstColumn(statement);
    }
  }

  private static List<Object> firstColumn(AdbcStatement statement) throws Exception {
    List<Object> values = new ArrayList<>();
    try (AdbcStatement.QueryResult result = statement.executeQuery()) {
      ArrowReader reader = result.getReader();
      while (reader.loadNextBatch()) {
        VectorSchemaRoot root = reader.getVectorSchemaRoot();
        for (int i = 0; i < root.getRowCount(); i++) {
          values.add(root.getVector(0).getObject(i));
        }
      }
    }
    return values;
  }

  private long update(String sql) throws Exception {
    try (AdbcStatement statement = connection.createStatement()) {
      statement.setSqlQuery(sql);
      return statement.executeUpdate().getAffectedRows();
    }
  }

  @Test
  void queriesAndUpdatesRun() throws Exception {
    String table = FlightClients.freshName();
    update("CREATE TABLE " + table + " (i INTEGER)");
    assertThat(update("INSERT INTO " + table + " VALUES (1), (2)")).isEqualTo(2);
    assertThat(query("SELECT i FROM " + table + " ORDER BY i")).containsExactly(1, 2);
  }

  @Test
  void aPreparedQueryTakesParameters() throws Exception {
    try (AdbcStatement statement = connection.createStatement();
        VectorSchemaRoot parameters = FlightClients.ints(allocator, 40)) {
      statement.setSqlQuery("SELECT CAST(? AS INTEGER) + 2");
      statement.prepare();
      statement.bind(parameters);
      assertThat(firstColumn(statement)).containsExactly(42);
    }
  }

  @Test
  void aParameterOfUnknownTypeTakesTheTypeOfItsValue() throws Exception {
    try (AdbcStatement statement = connection.createStatement();
        VectorSchemaRoot parameters = FlightClients.ints(allocator, 40)) {
      statement.setSqlQuery("SELECT ?");
      statement.prepare();
      statement.bind(parameters);
      assertThat(firstColumn(statement)).containsExactly(40);
    }
  }

  @Test
  void bulkIngestionCreatesATable() throws Exception {
    String table = FlightClients.freshName();
    update("CREATE TABLE " + table + " (i INTEGER)");
    try (AdbcStatement statement = connection.bulkIngest(table, BulkIngestMode.APPEND);
        VectorSchemaRoot rows = FlightClients.ints(allocator, 1, 2, 3)) {
      statement.bind(rows);
      statement.executeUpdate();
    }
    assertThat(query("SELECT sum(i)::INTEGER FROM " + table)).containsExactly(6);
  }

  @Test
  void metadataIsListed() throws Exception {
    String table = FlightClients.freshName();
    update("CREATE TABLE " + table + " (i INTEGER, s VARCHAR)");
    try (ArrowReader info = connection.getInfo()) {
      assertThat(info.getVectorSchemaRoot()).isNotNull();
      assertThat(info.loadNextBatch()).isTrue();
    }
    try (ArrowReader objects =
        connection.getObjects(
            AdbcConnection.GetObjectsDepth.TABLES, null, null, table, null, null)) {
      assertThat(objects.getVectorSchemaRoot()).isNotNull();
      assertThat(objects.loadNextBatch()).isTrue();
    }
  }

  @Test
  void anErrorNamesItsCode() {
    assertThatThrownBy(() -> query("SELECT * FROM no_such_table"))
        .isInstanceOf(AdbcException.class)
        .hasMessageContaining("COLLECTION_NOT_FOUND (42P01)");
  }
}
