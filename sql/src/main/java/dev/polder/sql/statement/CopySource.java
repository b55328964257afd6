package dev.polder.sql.statement;

import java.util.List;

/** What COPY … TO writes. */
public sealed interface CopySource {
  /**
   * A table or view.
   *
   * @param columns empty for all
   */
  record Table(ObjectName name, List<String> columns) implements CopySource {}

  record Rows(SqlText query) implements CopySource {}
}
