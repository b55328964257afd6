package dev.polder.sql.pushdown;

import dev.polder.sql.remote.RemoteTable;
import dev.polder.sql.remote.SourceDialect;
import java.util.Set;

/**
 * A table of a source as one reference of a query sees it. Immutable.
 *
 * @param restricted whether a row filter or a mask stands between the table and the query
 * @param hidden the lower-cased names of columns whose values the query does not see as they are
 */
public record RemoteReference(
    RemoteTable table, SourceDialect dialect, boolean restricted, Set<String> hidden) {
  public RemoteReference {
    hidden = Set.copyOf(hidden);
  }

  /** A table that the query sees as it is. */
  public static RemoteReference open(RemoteTable table, SourceDialect dialect) {
    return new RemoteReference(table, dialect, false, Set.of());
  }
}
