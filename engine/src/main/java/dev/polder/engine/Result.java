package dev.polder.engine;

import dev.polder.model.Notice;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/** What a statement answered. One owner; must be closed. */
public sealed interface Result extends AutoCloseable {
  List<Notice> notices();

  @Override
  void close();

  /**
   * Rows as a stream of Arrow batches, produced while they are read: a reader that waits holds the
   * engine back. Metadata relations, SHOW and RETURNING are rows too.
   */
  non-sealed interface Rows extends Result {
    List<Column> columns();

    Schema schema();

    /** The batch loaded last; its vectors are reused by the next one. */
    VectorSchemaRoot root();

    /**
     * Loads the next batch into {@link #root()}.
     *
     * @return false at the end
     */
    boolean next();
  }

  /** Rows changed by DML, −1 for statements that change none (DDL, SET, BEGIN …). */
  record Updated(long count, List<Notice> notices) implements Result {
    @Override
    public void close() {}
  }

  /**
   * A result column.
   *
   * @param type DuckDB's name of the type, for example {@code DECIMAL(18,3)} or {@code INTEGER[]}
   */
  record Column(String name, String type) {}
}
