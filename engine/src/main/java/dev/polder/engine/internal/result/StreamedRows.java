package dev.polder.engine.internal.result;

import dev.polder.duck.QueryResult;
import dev.polder.engine.Result;
import dev.polder.engine.internal.execute.Execution;
import dev.polder.model.Notice;
import dev.polder.model.PolderException;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/** Rows as DuckDB produces them, with all that their statement holds until they are closed. */
public final class StreamedRows implements Result.Rows {
  private final QueryResult result;
  private final Execution execution;
  private final UnaryOperator<PolderException> errors;
  private final List<Notice> notices;
  private final LongConsumer ended;
  private long rows;
  private boolean closed;

  /**
   * @param execution holds the result too, and closes it
   * @param errors makes DuckDB's errors the user's
   * @param ended runs once, after everything is given back, with the number of rows handed out
   */
  public StreamedRows(
      QueryResult result,
      Execution execution,
      UnaryOperator<PolderException> errors,
      List<Notice> notices,
      LongConsumer ended) {
    this.result = result;
    this.execution = execution;
    this.errors = errors;
    this.notices = List.copyOf(notices);
    this.ended = ended;
  }

  @Override
  public List<Column> columns() {
    return result.columns().stream()
        .map(column -> new Column(column.name(), column.duckType()))
        .toList();
  }

  @Override
  public Schema schema() {
    return result.schema();
  }

  @Override
  public VectorSchemaRoot root() {
    return result.root();
  }

  @Override
  public boolean next() {
    try {
      boolean loaded = result.loadNext();
      rows += loaded ? result.root().getRowCount() : 0;
      return loaded;
    } catch (PolderException e) {
      throw errors.apply(e);
    }
  }

  @Override
  public List<Notice> notices() {
    return notices;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      execution.close();
    } finally {
      ended.accept(rows);
    }
  }
}
