package dev.polder.sql.remote;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A table or view of a source as it was when its source was asked. No two columns have names that
 * differ in case alone. Immutable.
 *
 * @param alias the source's alias
 * @param schema as the source spells it
 * @param name as the source spells it
 * @param estimatedRows what the source believes; empty where it does not say
 */
public record RemoteTable(
    String alias,
    String schema,
    String name,
    boolean view,
    List<RemoteColumn> columns,
    OptionalLong estimatedRows) {
  public RemoteTable {
    columns = List.copyOf(columns);
  }

  /** The column of this name, without regard to case. */
  public Optional<RemoteColumn> column(String wanted) {
    return columns.stream().filter(column -> column.name().equalsIgnoreCase(wanted)).findFirst();
  }

  /** {@code alias.schema.name}: how messages, grants and the trail call it. */
  @Override
  public String toString() {
    return alias + "." + schema + "." + name;
  }
}
