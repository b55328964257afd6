package dev.polder.federation.duckdb;

import dev.polder.duck.QueryResult;
import dev.polder.federation.catalog.SourceFailure;
import dev.polder.model.PolderException;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** The result of a query of DuckDB as a reader, which owns it. For one thread at a time. */
public final class QueryReader extends ArrowReader {
  private final String alias;
  private final QueryResult result;

  public QueryReader(String alias, QueryResult result, BufferAllocator allocator) {
    super(allocator);
    this.alias = alias;
    this.result = result;
  }

  @Override
  public VectorSchemaRoot getVectorSchemaRoot() {
    return result.root();
  }

  @Override
  protected Schema readSchema() {
    return result.schema();
  }

  @Override
  public Map<Long, Dictionary> getDictionaryVectors() {
    return Map.of();
  }

  @Override
  public @Nullable Dictionary lookup(long id) {
    return null;
  }

  @Override
  public Set<Long> getDictionaryIds() {
    return Set.of();
  }

  @Override
  public boolean loadNextBatch() {
    try {
      return result.loadNext();
    } catch (PolderException e) {
      throw SourceFailure.of(alias, e);
    }
  }

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  public void close() {
    result.close();
  }

  @Override
  public void close(boolean closeReadSource) {
    result.close();
  }

  @Override
  protected void closeReadSource() {
    result.close();
  }
}
