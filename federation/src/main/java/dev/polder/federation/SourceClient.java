package dev.polder.federation;

import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import dev.polder.sql.remote.SourceDialect;
import java.util.List;
import java.util.Optional;

/**
 * One source, as it is configured now: its connections, and what is known of its tables. Calls
 * connect when they must and fail with SOURCE_UNAVAILABLE, naming the source and what went wrong,
 * never a secret. Names are found without regard to case; of names that differ in case alone none
 * is found. Thread-safe.
 */
public interface SourceClient extends AutoCloseable {
  SourceDialect dialect();

  /** The schema of names that give none. */
  String defaultSchema();

  /** In order of name, without the system's own. */
  List<String> schemas();

  /** The tables and views of a schema in order of name, without their columns. */
  List<Listed> tables(String schema);

  /** A table or view of a list. */
  record Listed(String name, boolean view) {}

  /** A table with its columns as they are now, or were at most some seconds ago. */
  Optional<RemoteTable> table(String schema, String name);

  /** Forgets what is known of tables: the source said that something is not as it was. */
  void invalidate();

  /** What the source is asked for a query, as people read it: its SQL where it has one. */
  String text(RemoteQuery query);

  /**
   * Begins a transaction: what is read in it is of one moment, where the source can do that.
   *
   * @param writes whether it may write; refused when the source is read-only
   */
  SourceTransaction begin(boolean writes);

  /** Closes the connections; transactions that are open fail. */
  @Override
  void close();
}
