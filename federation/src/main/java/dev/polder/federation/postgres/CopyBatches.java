package dev.polder.federation.postgres;

import dev.polder.federation.arrow.BatchSource;
import dev.polder.model.PolderException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOut;

/**
 * The rows of one COPY after another, over one connection, in its binary format. One thread at a
 * time, but for {@link #cancel}.
 */
final class CopyBatches implements BatchSource {
  private static final int ROWS = 65_536;
  private static final long BYTES = 16L << 20;
  private static final int SIGNATURE = 11;

  private final CopyQueue queue;
  private final List<String> names;
  private final List<Decoder> decoders = new ArrayList<>();
  private final BufferAllocator allocator;
  private final PostgresErrors errors;
  private @Nullable CopyOut copy;
  private boolean started;

  /** Where the COPYs of one connection come from, and how they end. */
  interface CopyQueue {
    /** Starts the next; null at the end. */
    @Nullable CopyOut next() throws SQLException;

    /** The server refused or the connection broke. */
    PolderException failed(SQLException e);

    /** From any thread. */
    void cancel();

    /**
     * No more is read.
     *
     * @param copy that was not read to its end
     */
    void ended(@Nullable CopyOut copy);
  }

  CopyBatches(
      CopyQueue queue,
      List<String> names,
      List<String> duckTypes,
      PostgresErrors errors,
      BufferAllocator allocator) {
    this.queue = queue;
    this.names = names;
    duckTypes.forEach(type -> decoders.add(Decoder.of(type)));
    this.errors = errors;
    this.allocator = allocator;
  }

  @Override
  public boolean next(VectorSchemaRoot root) {
    int rows = 0;
    long bytes = 0;
    try {
      while (rows < ROWS && bytes < BYTES) {
        CopyOut current = copy;
        if (current == null) {
          current = queue.next();
          if (current == null) {
            break;
          }
          copy = current;
          started = false;
        }
        byte[] message = current.readFromCopy();
        if (message == null) {
          copy = null;
        } else if (row(message)) {
          rows++;
          bytes += message.length;
        }
      }
    } catch (SQLException e) {
      // The server has ended it.
      copy = null;
      throw queue.failed(e);
    }
    if (rows == 0) {
      return false;
    }
    List<FieldVector> vectors = root.getFieldVectors();
    for (int i = 0; i < vectors.size(); i++) {
      decoders.get(i).builder().load(vectors.get(i), allocator);
    }
    root.setRowCount(rows);
    return true;
  }

  /**
   * The protocol promises one row a message; the first comes after a header, and the last is none.
   */
  private boolean row(byte[] message) {
    int at = 0;
    if (!started) {
      at = SIGNATURE + 8 + (int) Decoder.INT.get(message, SIGNATURE + 4);
      started = true;
      if (at == message.length) {
        return false;
      }
    }
    int fields = (short) Decoder.SHORT.get(message, at);
    at += 2;
    if (fields < 0) {
      return false;
    }
    if (fields != decoders.size()) {
      throw errors.failed(
          "sent " + fields + " columns where " + decoders.size() + " were asked", null);
    }
    for (int i = 0; i < fields; i++) {
      int length = (int) Decoder.INT.get(message, at);
      at += 4;
      Decoder decoder = decoders.get(i);
      if (length < 0) {
        decoder.builder().addNull();
      } else {
        add(decoder, i, message, at, length);
        at += length;
      }
    }
    if (at != message.length) {
      throw errors.failed("sent rows in a form that its protocol does not have", null);
    }
    return true;
  }

  private void add(Decoder decoder, int column, byte[] message, int at, int length) {
    try {
      decoder.add(message, at, length);
    } catch (ValueException e) {
      throw errors.value(names.get(column), e.getMessage(), e);
    }
  }

  @Override
  public void cancel() {
    queue.cancel();
  }

  @Override
  public void close() {
    queue.ended(copy);
  }
}
