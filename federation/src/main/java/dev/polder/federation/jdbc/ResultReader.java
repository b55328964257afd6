package dev.polder.federation.jdbc;

import dev.polder.federation.arrow.ArrowTypes;
import dev.polder.federation.catalog.SourceFailure;
import dev.polder.federation.jdbc.JdbcValues.InvalidValue;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteQuery;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/** A driver's rows as Arrow batches; it owns what it was opened with. For one thread at a time. */
final class ResultReader extends ArrowReader {
  private static final int BATCH_ROWS = 32_768;
  private static final int BATCH_BYTES = 32 << 20;

  private final JdbcSource source;
  private final RemoteQuery query;
  private final ResultSet rows;
  private final Function<SQLException, PolderException> failure;
  private final Consumer<Boolean> end;
  private final List<Cell> cells = new ArrayList<>();
  private boolean complete;
  private boolean closed;

  /**
   * Takes a result.
   *
   * @param end run once at the end, with whether all rows were read
   */
  ResultReader(
      JdbcSource source,
      RemoteQuery query,
      ResultSet rows,
      Function<SQLException, PolderException> failure,
      Consumer<Boolean> end,
      BufferAllocator allocator) {
    super(allocator);
    this.source = source;
    this.query = query;
    this.rows = rows;
    this.failure = failure;
    this.end = end;
  }

  @Override
  protected Schema readSchema() {
    return new Schema(
        query.outputs().stream()
            .map(output -> ArrowTypes.field(output.name(), output.value().type()))
            .collect(Collectors.toList()));
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    prepareLoadNextBatch();
    VectorSchemaRoot root = getVectorSchemaRoot();
    return source.run(() -> {
      try {
        return fill(root);
      } catch (SQLException e) {
        throw failure.apply(e);
      }
    });
  }

  private boolean fill(VectorSchemaRoot root) throws SQLException {
    if (cells.isEmpty()) {
      for (FieldVector vector : root.getFieldVectors()) {
        cells.add(Cell.of(vector, cells.size() + 1, source.values()));
      }
    }
    root.allocateNew();
    int row = 0;
    long bytes = 0;
    while (row < BATCH_ROWS && bytes < BATCH_BYTES && rows.next()) {
      for (int i = 0; i < cells.size(); i++) {
        bytes += copy(i, row);
      }
      row++;
    }
    root.setRowCount(row);
    complete = row < BATCH_ROWS && bytes < BATCH_BYTES;
    return row > 0;
  }

  private int copy(int column, int row) throws SQLException {
    try {
      return cells.get(column).copy(rows, row);
    } catch (InvalidValue e) {
      RemoteQuery.Output output = query.outputs().get(column);
      throw SourceFailure.value(source.alias(), output.name(), output.value().type(), e.why(), e);
    }
  }

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  protected void closeReadSource() {
    if (!closed) {
      closed = true;
      end.accept(complete);
    }
  }
}
