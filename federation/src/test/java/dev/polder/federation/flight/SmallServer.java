package dev.polder.federation.flight;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.auth2.BasicCallHeaderAuthenticator;
import org.apache.arrow.flight.auth2.GeneratedBearerTokenAuthenticator;
import org.apache.arrow.flight.sql.NoOpFlightSqlProducer;
import org.apache.arrow.flight.sql.SqlInfoBuilder;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetDbSchemas;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetSqlInfo;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetTables;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.TicketStatementQuery;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBResultSet;

/** A Flight SQL server over a DuckDB in memory, with one table, main.t. */
final class SmallServer extends NoOpFlightSqlProducer {
  static final String PASSWORD = "fl1ght-secret";

  private final BufferAllocator allocator = new RootAllocator();
  private final DuckDBConnection duck;
  private final String name;
  private final FlightServer server;

  SmallServer(DuckDBConnection duck, String name) throws IOException {
    this.duck = duck;
    this.name = name;
    server =
        FlightServer.builder(allocator, Location.forGrpcInsecure("127.0.0.1", 0), this)
            .headerAuthenticator(
                new GeneratedBearerTokenAuthenticator(
                    new BasicCallHeaderAuthenticator((user, password) -> {
                      if (!user.equals("ann") || !password.equals(PASSWORD)) {
                        throw CallStatus.UNAUTHENTICATED
                            .withDescription("who are you?")
                            .toRuntimeException();
                      }
                      return () -> user;
                    })))
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  private static FlightInfo info(com.google.protobuf.Message ticket, FlightDescriptor descriptor) {
    return FlightInfo.builder(
            new Schema(List.of()),
            descriptor,
            List.of(FlightEndpoint.builder(new Ticket(Any.pack(ticket).toByteArray())).build()))
        .build();
  }

  @Override
  public FlightInfo getFlightInfoStatement(
      CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    return info(
        TicketStatementQuery.newBuilder()
            .setStatementHandle(ByteString.copyFromUtf8(command.getQuery()))
            .build(),
        descriptor);
  }

  @Override
  public void getStreamStatement(
      TicketStatementQuery ticket, CallContext context, ServerStreamListener listener) {
    try (Statement statement = duck.createStatement();
        DuckDBResultSet rows =
            (DuckDBResultSet) statement.executeQuery(ticket.getStatementHandle().toStringUtf8());
        ArrowReader reader = (ArrowReader) rows.arrowExportStream(allocator, 1_000)) {
      listener.start(reader.getVectorSchemaRoot());
      while (!listener.isCancelled() && reader.loadNextBatch()) {
        while (!listener.isReady() && !listener.isCancelled()) {
          Thread.onSpinWait();
        }
        listener.putNext();
      }
      listener.completed();
    } catch (SQLException | IOException e) {
      listener.error(
          CallStatus.INVALID_ARGUMENT.withDescription(e.getMessage()).toRuntimeException());
    }
  }

  @Override
  public FlightInfo getFlightInfoSqlInfo(
      CommandGetSqlInfo command, CallContext context, FlightDescriptor descriptor) {
    return info(command, descriptor);
  }

  @Override
  public void getStreamSqlInfo(
      CommandGetSqlInfo command, CallContext context, ServerStreamListener listener) {
    new SqlInfoBuilder().withFlightSqlServerName(name).send(command.getInfoList(), listener);
  }

  @Override
  public FlightInfo getFlightInfoSchemas(
      CommandGetDbSchemas command, CallContext context, FlightDescriptor descriptor) {
    return info(command, descriptor);
  }

  @Override
  public void getStreamSchemas(
      CommandGetDbSchemas command, CallContext context, ServerStreamListener listener) {
    try (VectorSchemaRoot root = VectorSchemaRoot.create(Schemas.GET_SCHEMAS_SCHEMA, allocator)) {
      text(root, "db_schema_name", "main");
      send(root, listener);
    }
  }

  @Override
  public FlightInfo getFlightInfoTables(
      CommandGetTables command, CallContext context, FlightDescriptor descriptor) {
    return info(command, descriptor);
  }

  @Override
  public void getStreamTables(
      CommandGetTables command, CallContext context, ServerStreamListener listener) {
    Schema shape =
        command.getIncludeSchema()
            ? Schemas.GET_TABLES_SCHEMA
            : Schemas.GET_TABLES_SCHEMA_NO_SCHEMA;
    try (VectorSchemaRoot root = VectorSchemaRoot.create(shape, allocator)) {
      text(root, "db_schema_name", "main");
      text(root, "table_name", "t");
      text(root, "table_type", "BASE TABLE");
      if (command.getIncludeSchema()) {
        ((VarBinaryVector) root.getVector("table_schema")).setSafe(0, columns());
      }
      send(root, listener);
    }
  }

  private byte[] columns() {
    try (Statement statement = duck.createStatement();
        DuckDBResultSet rows =
            (DuckDBResultSet) statement.executeQuery("SELECT * FROM main.t LIMIT 0");
        ArrowReader reader = (ArrowReader) rows.arrowExportStream(allocator, 1_000)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      MessageSerializer.serialize(
          new WriteChannel(Channels.newChannel(out)), reader.getVectorSchemaRoot().getSchema());
      return out.toByteArray();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void text(VectorSchemaRoot root, String column, String value) {
    ((VarCharVector) root.getVector(column)).setSafe(0, value.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(VectorSchemaRoot root, ServerStreamListener listener) {
    root.setRowCount(1);
    listener.start(root);
    listener.putNext();
    listener.completed();
  }

  @Override
  public void close() {
    try (allocator) {
      server.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
