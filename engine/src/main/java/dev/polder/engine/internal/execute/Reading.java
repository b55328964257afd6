package dev.polder.engine.internal.execute;

import dev.polder.engine.internal.source.SourceReads;
import dev.polder.sql.bind.BoundQuery;
import dev.polder.sql.parse.Lexer;
import java.util.Locale;
import java.util.Set;

/** How often a query may read what it names once. Stateless. */
final class Reading {
  /**
   * Words of queries that DuckDB runs in several steps, or whose parts it repeats: a recursive
   * query's, PIVOT's, a common table that was asked not to be kept, and results whose enumerations
   * are turned to text by a second run.
   */
  private static final Set<String> REPEATING =
      Set.of(
          "recursive", "pivot", "pivot_wider", "pivot_longer", "unpivot", "materialized", "enum");

  private Reading() {}

  static SourceReads.Mode of(BoundQuery query) {
    return query.remote().isEmpty()
            || Lexer.tokens(query.text().toString()).stream()
                .noneMatch(token -> REPEATING.contains(token.text().toLowerCase(Locale.ROOT)))
        ? SourceReads.Mode.ONCE
        : SourceReads.Mode.REPEATED;
  }
}
