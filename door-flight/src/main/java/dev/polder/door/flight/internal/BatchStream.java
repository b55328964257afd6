package dev.polder.door.flight.internal;

import dev.polder.door.flight.FlightLimits;
import dev.polder.engine.Result;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import org.apache.arrow.flight.BackpressureStrategy.CallbackBackpressureStrategy;
import org.apache.arrow.flight.BackpressureStrategy.WaitResult;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;

/**
 * Sends batches to one client at the client's own pace: nothing is asked of the engine while the
 * client does not read. One thread sends; cancelling comes from any.
 */
final class BatchStream {
  private final ServerStreamListener client;
  private final FlightLimits limits;
  private final DoorMeters meters;
  private final Pace pace;
  private final RunningStatement statement;

  BatchStream(
      ServerStreamListener client,
      FlightLimits limits,
      DoorMeters meters,
      RunningStatement statement) {
    this.statement = statement;
    this.client = client;
    this.limits = limits;
    this.meters = meters;
    this.pace = new Pace(statement::cancel);
    pace.register(client);
  }

  private static final class Pace extends CallbackBackpressureStrategy {
    private final Runnable onCancel;

    Pace(Runnable onCancel) {
      this.onCancel = onCancel;
    }

    @Override
    protected void cancelCallback() {
      onCancel.run();
    }
  }

  boolean cancelled() {
    return client.isCancelled();
  }

  /** Sends all batches; returns how many bytes they had. */
  long send(Result.Rows rows) {
    VectorSchemaRoot root = rows.root();
    long sent = 0;
    client.start(root);
    awaitReader();
    while (rows.next()) {
      long bytes = bytes(root);
      meters.streamed(root.getRowCount(), bytes);
      sent += bytes;
      if (bytes <= limits.outboundBatchBytes() || root.getRowCount() <= 1) {
        put();
      } else {
        putInParts(root, bytes);
      }
    }
    return sent;
  }

  // The stream is tied to this root: the parts are loaded back into it, their buffers shared.
  private void putInParts(VectorSchemaRoot root, long bytes) {
    int rows = root.getRowCount();
    long parts = Math.ceilDiv(bytes, limits.outboundBatchBytes());
    // Multiples of eight rows let validity bitmaps be shared, not copied.
    int size = (int) Math.max(8, Math.ceilDiv(rows, parts) & ~7L);
    try (VectorSchemaRoot whole = root.slice(0, rows)) {
      for (int from = 0; from < rows; from += size) {
        try (VectorSchemaRoot part = whole.slice(from, Math.min(size, rows - from));
            ArrowRecordBatch batch = new VectorUnloader(part).getRecordBatch()) {
          new VectorLoader(root).load(batch);
        }
        put();
      }
    }
  }

  private void put() {
    awaitReader();
    client.putNext();
  }

  private void awaitReader() {
    // The engine may be between two batches, where there is nothing to interrupt.
    if (statement.cancelled()) {
      throw new PolderException(ErrorCode.STATEMENT_CANCELLED, "the statement was cancelled");
    }
    WaitResult result = pace.waitForListener(limits.readerPatience().toMillis());
    switch (result) {
      case READY -> {}
      case CANCELLED ->
          throw new PolderException(
              ErrorCode.STATEMENT_CANCELLED, "the client stopped reading the result");
      case TIMEOUT ->
          throw new PolderException(
              ErrorCode.STATEMENT_TIMEOUT,
              "the client read nothing for " + limits.readerPatience() + "; run it again");
      case OTHER -> throw new IllegalStateException("waiting for the reader was interrupted");
    }
  }

  static long bytes(VectorSchemaRoot root) {
    long bytes = 0;
    for (FieldVector vector : root.getFieldVectors()) {
      bytes += vector.getBufferSize();
    }
    return bytes;
  }
}
