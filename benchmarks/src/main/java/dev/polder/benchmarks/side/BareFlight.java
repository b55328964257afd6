package dev.polder.benchmarks.side;

import dev.polder.benchmarks.harness.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.BackpressureStrategy;
import org.apache.arrow.flight.BackpressureStrategy.CallbackBackpressureStrategy;
import org.apache.arrow.flight.BackpressureStrategy.WaitResult;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A Flight server that does nothing but send batches that it holds in memory, and a client of it:
 * what the transport costs when nothing has to be computed. Used by one thread; closed before the
 * DuckDB that made the batches.
 */
public final class BareFlight implements AutoCloseable {
  private static final long PATIENCE_MILLIS = Duration.ofMinutes(1).toMillis();

  private final BufferAllocator allocator;
  private final List<ArrowRecordBatch> batches = new ArrayList<>();
  private final Schema schema;
  private final FlightServer server;
  private final FlightClient client;

  /** Runs the query once and keeps its answer. */
  public BareFlight(BareDuck duck, String sql) throws Exception {
    // Batches are lent only between allocators of one root.
    allocator = duck.allocator().newChildAllocator("flight", 0, Long.MAX_VALUE);
    schema = duck.export(sql, this::keep);
    server =
        FlightServer.builder(allocator, Location.forGrpcInsecure("localhost", 0), new Sender())
            .build()
            .start();
    client =
        FlightClient.builder(allocator, Location.forGrpcInsecure("localhost", server.getPort()))
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .build();
  }

  private Schema keep(ArrowReader reader) throws IOException {
    VectorSchemaRoot root = reader.getVectorSchemaRoot();
    while (reader.loadNextBatch()) {
      batches.add(new VectorUnloader(root).getRecordBatch());
    }
    return root.getSchema();
  }

  private final class Sender extends NoOpFlightProducer {
    @Override
    public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
      CallbackBackpressureStrategy pace = new CallbackBackpressureStrategy();
      pace.register(listener);
      // The readiness of the client is told on this thread, so another one must wait for it.
      Thread.ofPlatform().daemon().start(() -> send(listener, pace));
    }
  }

  private void send(ServerStreamListener listener, BackpressureStrategy pace) {
    try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
      VectorLoader loader = new VectorLoader(root);
      listener.setUseZeroCopy(true);
      listener.start(root);
      for (ArrowRecordBatch batch : batches) {
        if (pace.waitForListener(PATIENCE_MILLIS) != WaitResult.READY) {
          throw CallStatus.CANCELLED.withDescription("the reader stopped").toRuntimeException();
        }
        loader.load(batch);
        listener.putNext();
      }
      listener.completed();
    } catch (RuntimeException e) {
      listener.error(e);
    }
  }

  /** Reads everything once. */
  @SuppressWarnings("try") // the library's stream declares that closing may be interrupted
  public Answer read(boolean hash) throws Exception {
    try (FlightStream stream = client.getStream(new Ticket(new byte[0]))) {
      return FlightConnection.drain(stream, hash);
    }
  }

  @Override
  public void close() {
    try (allocator) {
      client.close();
      server.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a server was closed", e);
    } finally {
      batches.forEach(ArrowRecordBatch::close);
    }
  }
}
