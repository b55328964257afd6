package dev.polder.engine.internal.dml;

import dev.polder.duck.QueryResult;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/** DuckDB's result as Arrow's own reader. Used by one thread at a time. */
final class ResultReader extends ArrowReader {
  private final QueryResult result;

  ResultReader(QueryResult result, BufferAllocator allocator) {
    super(allocator);
    this.result = result;
  }

  @Override
  public VectorSchemaRoot getVectorSchemaRoot() {
    return result.root();
  }

  @Override
  public boolean loadNextBatch() {
    return result.loadNext();
  }

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  protected void closeReadSource() {
    result.close();
  }

  @Override
  protected Schema readSchema() {
    return result.schema();
  }
}
