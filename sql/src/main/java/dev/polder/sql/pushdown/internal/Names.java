package dev.polder.sql.pushdown.internal;

import dev.polder.sql.remote.RemoteExpression;
import java.util.List;

/** What the names of columns mean at one place of a query. */
@FunctionalInterface
public interface Names {
  /** Outside of everything. */
  Names NOWHERE =
      parts -> {
        throw new NotPushed("the name " + String.join(".", parts));
      };

  /**
   * The value behind a column's name.
   *
   * @throws NotPushed when it is not surely known
   */
  RemoteExpression column(List<String> parts);
}
