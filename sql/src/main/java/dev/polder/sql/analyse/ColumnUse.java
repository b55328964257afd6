package dev.polder.sql.analyse;

import java.util.Set;

/** Which of a table's columns a query may use. */
public sealed interface ColumnUse {
  /** All, or it cannot be told. */
  record All() implements ColumnUse {}

  /** At most these, lower-cased. A name here may also be another table's. */
  record Named(Set<String> names) implements ColumnUse {
    public Named {
      names = Set.copyOf(names);
    }
  }
}
