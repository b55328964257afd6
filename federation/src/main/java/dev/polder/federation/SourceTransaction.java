package dev.polder.federation;

import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * A transaction of a source. One call at a time, each reader read to its end or closed before the
 * next call, except for {@link #cancel()}, which comes from any thread.
 */
public interface SourceTransaction extends AutoCloseable {
  /**
   * Starts a query. The vectors have the types of {@code ArrowTypes} for the outputs' types, in
   * their order and under their names; each value is exactly what the source holds, or the reader
   * fails. Closing the reader ends the query in the source.
   */
  ArrowReader read(RemoteQuery query, BufferAllocator allocator);

  /**
   * Adds rows.
   *
   * @param columns the columns that the reader's vectors are for, in their order
   * @return how many were added
   */
  long insert(RemoteTable table, List<RemoteColumn> columns, ArrowReader rows);

  /**
   * Changes the rows for which all the conditions hold. Columns are of relation 0.
   *
   * @param values what columns become, in order
   * @return how many were changed
   */
  long update(
      RemoteTable table, Map<RemoteColumn, RemoteExpression> values, List<RemoteExpression> where);

  /** Deletes the rows for which all the conditions hold; how many. Columns are of relation 0. */
  long delete(RemoteTable table, List<RemoteExpression> where);

  void commit();

  /** Ends what the transaction does now, in the source too; its call fails. */
  void cancel();

  /** Rolls back unless it was committed. */
  @Override
  void close();
}
