package dev.polder.duck;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.DuckDBResultSet;

/**
 * The streaming result of a query: DuckDB works only as far as batches are taken. It must be closed
 * before its connection's next statement, and is used by one thread at a time.
 */
public final class QueryResult implements AutoCloseable {
  private final InstanceConnection connection;
  private final List<ResultColumn> columns;
  private final DuckDBPreparedStatement statement;
  private final DuckDBResultSet rows;
  private final ArrowReader reader;
  private final VectorSchemaRoot root;
  private boolean closed;

  QueryResult(
      InstanceConnection connection,
      List<ResultColumn> columns,
      DuckDBPreparedStatement statement,
      DuckDBResultSet rows,
      ArrowReader reader)
      throws IOException {
    this.connection = connection;
    this.columns = List.copyOf(columns);
    this.statement = statement;
    this.rows = rows;
    this.reader = reader;
    this.root = reader.getVectorSchemaRoot();
  }

  public Schema schema() {
    return root.getSchema();
  }

  public List<ResultColumn> columns() {
    return columns;
  }

  /** Fills {@link #root()} with the next batch; false at the end. */
  public boolean loadNext() {
    return connection.step(null, reader::loadNextBatch);
  }

  /** The current batch; the result owns it and fills it anew. */
  public VectorSchemaRoot root() {
    return root;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    connection
        .instance()
        .threads()
        .release(() -> {
          try (statement;
              rows;
              reader) {
            return true;
          }
        });
    connection.ended(this);
  }
}
