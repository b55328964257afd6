package dev.polder.sql.analyse.internal;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The common table expressions that can be seen from one place, innermost first. Immutable. */
record Scope(String name, @Nullable Scope outer) {
  static final Scope EMPTY = new Scope("", null);

  Scope with(String cte) {
    return new Scope(cte.toLowerCase(Locale.ROOT), this);
  }

  boolean sees(String table) {
    String key = table.toLowerCase(Locale.ROOT);
    for (Scope scope = this; scope != null; scope = scope.outer) {
      if (!scope.name.isEmpty() && scope.name.equals(key)) {
        return true;
      }
    }
    return false;
  }
}
