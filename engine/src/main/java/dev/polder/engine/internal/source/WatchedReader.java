package dev.polder.engine.internal.source;

import dev.polder.model.PolderException;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A reader whose failures are kept: on their way through DuckDB all but their words would be lost.
 * Used by one thread at a time.
 */
final class WatchedReader extends ArrowReader {
  private final ArrowReader reader;
  private final Consumer<PolderException> failed;

  WatchedReader(ArrowReader reader, BufferAllocator allocator, Consumer<PolderException> failed) {
    super(allocator);
    this.reader = reader;
    this.failed = failed;
  }

  @Override
  public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
    return reader.getVectorSchemaRoot();
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    try {
      return reader.loadNextBatch();
    } catch (PolderException e) {
      failed.accept(e);
      throw e;
    }
  }

  @Override
  public long bytesRead() {
    return reader.bytesRead();
  }

  @Override
  protected void closeReadSource() throws IOException {
    reader.close();
  }

  @Override
  protected Schema readSchema() throws IOException {
    return reader.getVectorSchemaRoot().getSchema();
  }
}
