package dev.polder.benchmarks.side;

import dev.polder.benchmarks.harness.Answer;
import dev.polder.benchmarks.harness.RowHash;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.grpc.CredentialCallOption;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.flight.sql.FlightSqlClient.ExecuteIngestOptions;
import org.apache.arrow.flight.sql.FlightSqlClient.PreparedStatement;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions.TableExistsOption;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions.TableNotExistOption;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;

/** A logged-in Flight SQL client, bound to one database. Used by one thread. */
public final class FlightConnection implements AutoCloseable {
  private final BufferAllocator allocator = new RootAllocator();
  private final FlightSqlClient client;
  private final CallOption[] options;

  public FlightConnection(
      URI server,
      String user,
      String password,
      Optional<String> tenant,
      Optional<String> database) {
    FlightClient connection =
        FlightClient.builder(
                allocator, Location.forGrpcInsecure(server.getHost(), server.getPort()))
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .build();
    CredentialCallOption token = connection.authenticateBasicToken(user, password).orElseThrow();
    FlightCallHeaders headers = new FlightCallHeaders();
    tenant.ifPresent(name -> headers.insert("x-polder-tenant", name));
    database.ifPresent(name -> headers.insert("x-polder-database", name));
    client = new FlightSqlClient(connection);
    options = new CallOption[] {token, new HeaderCallOption(headers)};
  }

  public long update(String sql) {
    return client.executeUpdate(sql, options);
  }

  /** Runs a query and reads its whole answer. */
  public Answer read(String sql, boolean hash) throws Exception {
    return read(client.execute(sql, options), hash);
  }

  /** Every row's cells as text, for short answers. */
  @SuppressWarnings("try") // the library's stream declares that closing may be interrupted
  public List<List<String>> texts(String sql) throws Exception {
    List<List<String>> texts = new ArrayList<>();
    FlightInfo info = client.execute(sql, options);
    try (FlightStream stream = stream(info)) {
      while (stream.next()) {
        VectorSchemaRoot root = stream.getRoot();
        for (int row = 0; row < root.getRowCount(); row++) {
          List<String> cells = new ArrayList<>();
          for (FieldVector vector : root.getFieldVectors()) {
            cells.add(String.valueOf(vector.getObject(row)));
          }
          texts.add(cells);
        }
      }
    }
    return texts;
  }

  /** Appends all batches to a table that exists. */
  public long ingest(String table, ArrowReader data) {
    TableDefinitionOptions definition =
        TableDefinitionOptions.newBuilder()
            .setIfNotExist(TableNotExistOption.TABLE_NOT_EXIST_OPTION_CREATE)
            .setIfExists(TableExistsOption.TABLE_EXISTS_OPTION_APPEND)
            .build();
    return client.executeIngest(
        data, new ExecuteIngestOptions(table, definition, null, null, null), options);
  }

  public Prepared prepare(String sql) {
    return new Prepared(client.prepare(sql, options));
  }

  /** A statement prepared on the server. */
  public final class Prepared implements AutoCloseable {
    private final PreparedStatement statement;

    private Prepared(PreparedStatement statement) {
      this.statement = statement;
    }

    public Answer read(boolean hash) throws Exception {
      return FlightConnection.this.read(statement.execute(options), hash);
    }

    @Override
    public void close() {
      statement.close(options);
    }
  }

  private FlightStream stream(FlightInfo info) {
    return client.getStream(info.getEndpoints().getFirst().getTicket(), options);
  }

  @SuppressWarnings("try") // as above
  private Answer read(FlightInfo info, boolean hash) throws Exception {
    try (FlightStream stream = stream(info)) {
      return drain(stream, hash);
    }
  }

  static Answer drain(FlightStream stream, boolean hash) {
    RowHash sum = new RowHash();
    long rows = 0;
    while (stream.next()) {
      rows += stream.getRoot().getRowCount();
      if (hash) {
        sum.add(stream.getRoot());
      }
    }
    return hash ? sum.answer() : new Answer(rows, 0);
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a connection was closed", e);
    } catch (Exception e) {
      throw new IllegalStateException("a connection did not close", e);
    } finally {
      allocator.close();
    }
  }
}
