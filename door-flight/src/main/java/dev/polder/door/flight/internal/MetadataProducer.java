package dev.polder.door.flight.internal;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.FlightSqlProducer;
import org.apache.arrow.flight.sql.SqlInfoBuilder;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetCatalogs;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetCrossReference;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetDbSchemas;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetExportedKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetImportedKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetPrimaryKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetSqlInfo;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetTableTypes;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetTables;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetXdbcTypeInfo;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Flight SQL's calls for metadata. Thread-safe. */
abstract class MetadataProducer implements FlightSqlProducer {
  private final ClientSessions sessions;
  private final CatalogMetadata metadata;
  private final SqlInfoBuilder sqlInfo;
  private final BufferAllocator allocator;
  private final Executor executor;

  MetadataProducer(
      ClientSessions sessions,
      CatalogMetadata metadata,
      SqlInfoBuilder sqlInfo,
      BufferAllocator allocator,
      Executor executor) {
    this.sessions = sessions;
    this.metadata = metadata;
    this.sqlInfo = sqlInfo;
    this.allocator = allocator;
    this.executor = executor;
  }

  @Override
  public FlightInfo getFlightInfoSqlInfo(
      CommandGetSqlInfo command, CallContext context, FlightDescriptor descriptor) {
    return metadata(command, FlightSqlProducer.Schemas.GET_SQL_INFO_SCHEMA, descriptor);
  }

  @Override
  public void getStreamSqlInfo(
      CommandGetSqlInfo command, CallContext context, ServerStreamListener listener) {
    sqlInfo.send(command.getInfoList(), listener);
  }

  @Override
  public FlightInfo getFlightInfoTypeInfo(
      CommandGetXdbcTypeInfo command, CallContext context, FlightDescriptor descriptor) {
    return metadata(command, FlightSqlProducer.Schemas.GET_TYPE_INFO_SCHEMA, descriptor);
  }

  @Override
  public void getStreamTypeInfo(
      CommandGetXdbcTypeInfo command, CallContext context, ServerStreamListener listener) {
    send(listener, () -> TypeInfos.table(command.hasDataType() ? command.getDataType() : null));
  }

  @Override
  public FlightInfo getFlightInfoCatalogs(
      CommandGetCatalogs command, CallContext context, FlightDescriptor descriptor) {
    return metadata(command, FlightSqlProducer.Schemas.GET_CATALOGS_SCHEMA, descriptor);
  }

  @Override
  public void getStreamCatalogs(CallContext context, ServerStreamListener listener) {
    send(listener, () -> metadata.catalogs(sessions.current()));
  }

  @Override
  public FlightInfo getFlightInfoSchemas(
      CommandGetDbSchemas command, CallContext context, FlightDescriptor descriptor) {
    return metadata(command, FlightSqlProducer.Schemas.GET_SCHEMAS_SCHEMA, descriptor);
  }

  @Override
  public void getStreamSchemas(
      CommandGetDbSchemas command, CallContext context, ServerStreamListener listener) {
    send(listener, () -> metadata.schemas(sessions.current(), command));
  }

  @Override
  public FlightInfo getFlightInfoTables(
      CommandGetTables command, CallContext context, FlightDescriptor descriptor) {
    return metadata(
        command,
        command.getIncludeSchema()
            ? FlightSqlProducer.Schemas.GET_TABLES_SCHEMA
            : FlightSqlProducer.Schemas.GET_TABLES_SCHEMA_NO_SCHEMA,
        descriptor);
  }

  @Override
  public void getStreamTables(
      CommandGetTables command, CallContext context, ServerStreamListener listener) {
    send(listener, () -> metadata.tables(sessions.current(), command));
  }

  @Override
  public FlightInfo getFlightInfoTableTypes(
      CommandGetTableTypes command, CallContext context, FlightDescriptor descriptor) {
    return metadata(command, FlightSqlProducer.Schemas.GET_TABLE_TYPES_SCHEMA, descriptor);
  }

  @Override
  public void getStreamTableTypes(CallContext context, ServerStreamListener listener) {
    send(listener, metadata::tableTypes);
  }

  @Override
  public FlightInfo getFlightInfoPrimaryKeys(
      CommandGetPrimaryKeys command, CallContext context, FlightDescriptor descriptor) {
    return metadata(command, FlightSqlProducer.Schemas.GET_PRIMARY_KEYS_SCHEMA, descriptor);
  }

  @Override
  public void getStreamPrimaryKeys(
      CommandGetPrimaryKeys command, CallContext context, ServerStreamListener listener) {
    send(listener, () -> new Table(FlightSqlProducer.Schemas.GET_PRIMARY_KEYS_SCHEMA));
  }

  @Override
  public FlightInfo getFlightInfoExportedKeys(
      CommandGetExportedKeys command, CallContext context, FlightDescriptor descriptor) {
    return metadata(command, FlightSqlProducer.Schemas.GET_EXPORTED_KEYS_SCHEMA, descriptor);
  }

  @Override
  public void getStreamExportedKeys(
      CommandGetExportedKeys command, CallContext context, ServerStreamListener listener) {
    send(listener, () -> new Table(FlightSqlProducer.Schemas.GET_EXPORTED_KEYS_SCHEMA));
  }

  @Override
  public FlightInfo getFlightInfoImportedKeys(
      CommandGetImportedKeys command, CallContext context, FlightDescriptor descriptor) {
    return metadata(command, FlightSqlProducer.Schemas.GET_IMPORTED_KEYS_SCHEMA, descriptor);
  }

  @Override
  public void getStreamImportedKeys(
      CommandGetImportedKeys command, CallContext context, ServerStreamListener listener) {
    send(listener, () -> new Table(FlightSqlProducer.Schemas.GET_IMPORTED_KEYS_SCHEMA));
  }

  @Override
  public FlightInfo getFlightInfoCrossReference(
      CommandGetCrossReference command, CallContext context, FlightDescriptor descriptor) {
    return metadata(command, FlightSqlProducer.Schemas.GET_CROSS_REFERENCE_SCHEMA, descriptor);
  }

  @Override
  public void getStreamCrossReference(
      CommandGetCrossReference command, CallContext context, ServerStreamListener listener) {
    send(listener, () -> new Table(FlightSqlProducer.Schemas.GET_CROSS_REFERENCE_SCHEMA));
  }

  @Override
  public void listFlights(
      CallContext context, Criteria criteria, StreamListener<FlightInfo> listener) {
    listener.onCompleted();
  }

  private static FlightInfo metadata(Message command, Schema schema, FlightDescriptor descriptor) {
    return info(command, schema, descriptor);
  }

  static FlightInfo info(Message ticket, @Nullable Schema schema, FlightDescriptor descriptor) {
    FlightEndpoint endpoint = new FlightEndpoint(new Ticket(Any.pack(ticket).toByteArray()));
    return FlightInfo.builder(schema, descriptor, List.of(endpoint)).build();
  }

  // A call's own thread must stay free to hear that the client cancels or is ready again.
  void start(ServerStreamListener listener, Runnable work) {
    executor.execute(() -> {
      try {
        work.run();
      } catch (RuntimeException e) {
        listener.error(Failures.status(e));
      }
    });
  }

  private void send(ServerStreamListener listener, Supplier<Table> table) {
    start(
        listener,
        () -> {
          table.get().send(allocator, listener);
          listener.completed();
        });
  }

  @Override
  public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
    try {
      Tickets.check(ticket);
    } catch (RuntimeException e) {
      listener.error(Failures.status(e));
      return;
    }
    FlightSqlProducer.super.getStream(context, ticket, listener);
  }

  @Override
  public void close() {}
}
