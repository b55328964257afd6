package dev.polder.door.http;

import dev.polder.engine.Result;
import dev.polder.model.Notice;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBResultSet;

/** A result of DuckDB, streamed as Arrow batches. */
final class DuckRows implements Result.Rows {
  private static final int BATCH = 10_000;

  private final DuckSession session;
  private final PreparedStatement statement;
  private final List<Column> columns = new ArrayList<>();
  private final ArrowReader reader;
  private final VectorSchemaRoot root;

  DuckRows(
      DuckSession session,
      PreparedStatement statement,
      DuckDBResultSet rows,
      BufferAllocator allocator)
      throws Exception {
    this.session = session;
    this.statement = statement;
    ResultSetMetaData metadata = rows.getMetaData();
    for (int i = 1; i <= metadata.getColumnCount(); i++) {
      columns.add(new Column(metadata.getColumnName(i), metadata.getColumnTypeName(i)));
    }
    this.reader = (ArrowReader) rows.arrowExportStream(allocator, BATCH);
    this.root = reader.getVectorSchemaRoot();
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  @Override
  public Schema schema() {
    return root.getSchema();
  }

  @Override
  public VectorSchemaRoot root() {
    return root;
  }

  @Override
  public boolean next() {
    return session.onThread(() -> {
      try {
        return reader.loadNextBatch();
      } catch (java.io.IOException e) {
        throw new SQLException(
            e.getMessage().replaceFirst("(?s).*?(\\w+( \\w+)? Error:)", "$1"), e);
      }
    });
  }

  @Override
  public List<Notice> notices() {
    return List.of();
  }

  @Override
  public void close() {
    session.onThread(() -> {
      reader.close();
      statement.close();
      session.ended();
      return true;
    });
  }
}
