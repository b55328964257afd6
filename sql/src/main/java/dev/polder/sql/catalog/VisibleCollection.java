package dev.polder.sql.catalog;

import dev.polder.model.CollectionId;
import java.util.List;
import java.util.Optional;

/**
 * A table or view that the session's principal may see, with its visible columns in order.
 *
 * @param viewText the query of a view; empty for tables
 */
public record VisibleCollection(
    CollectionId id,
    String schema,
    String name,
    Kind kind,
    Optional<String> viewText,
    Optional<String> comment,
    List<VisibleColumn> columns) {
  /** What SQL takes it for. */
  public enum Kind {
    TABLE,
    VIEW,
    /** Of a format that the server does not read. */
    FOREIGN
  }

  public VisibleCollection {
    columns = List.copyOf(columns);
  }

  public boolean isView() {
    return kind == Kind.VIEW;
  }
}
