package dev.polder.federation.flight;

import dev.polder.federation.catalog.SourceFailure;
import dev.polder.sql.remote.RemoteQuery;
import java.io.IOException;
import java.util.function.Function;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.VectorSchemaRootAppender;

/** A stream of a server as a reader, which owns it. For one thread at a time. */
final class FlightReader extends ArrowReader {
  private final String alias;
  private final FlightStream stream;
  private final Function<FlightRuntimeException, RuntimeException> failure;
  private boolean closed;

  FlightReader(
      String alias,
      RemoteQuery query,
      FlightStream stream,
      Function<FlightRuntimeException, RuntimeException> failure,
      BufferAllocator allocator) {
    super(allocator);
    this.alias = alias;
    this.stream = stream;
    this.failure = failure;
    try {
      check(query, stream.getSchema());
    } catch (FlightRuntimeException e) {
      closeReadSource();
      throw failure.apply(e);
    } catch (RuntimeException e) {
      closeReadSource();
      throw e;
    }
  }

  private void check(RemoteQuery query, Schema schema) {
    if (schema.getFields().size() != query.outputs().size()) {
      throw SourceFailure.failed(alias, "its answer has other columns than it was asked for", null);
    }
    for (int i = 0; i < query.outputs().size(); i++) {
      RemoteQuery.Output output = query.outputs().get(i);
      Field field = schema.getFields().get(i);
      if (!FlightTypes.is(field, output.value().type())) {
        throw SourceFailure.failed(
            alias,
            "column "
                + output.name()
                + " comes as "
                + field.getType()
                + ", not as "
                + output.value().type(),
            null);
      }
    }
  }

  @Override
  protected Schema readSchema() {
    return stream.getSchema();
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    prepareLoadNextBatch();
    try {
      if (!stream.next()) {
        return false;
      }
      // The connection's buffers are of another allocator, which outlives the statement's.
      VectorSchemaRoot root = getVectorSchemaRoot();
      root.allocateNew();
      VectorSchemaRootAppender.append(false, root, stream.getRoot());
      return true;
    } catch (FlightRuntimeException e) {
      throw failure.apply(e);
    }
  }

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  protected void closeReadSource() {
    if (closed) {
      return;
    }
    closed = true;
    stream.cancel("the reader was closed", null);
    try {
      stream.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw SourceFailure.failed(alias, "its stream could not be closed", e);
    }
  }
}
