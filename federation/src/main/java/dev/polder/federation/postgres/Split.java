package dev.polder.federation.postgres;

import dev.polder.sql.remote.Conditions;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Ranges of a table's pages, handed out one after another to whoever is free. Thread-safe.
 *
 * @param pages the last range is open at its end
 */
record Split(PostgresSql sql, RemoteQuery query, long pages, AtomicLong position)
    implements PostgresRead.Statements {
  /** Below it one connection is as fast. */
  static final int LEAST_PAGES = 8_192;

  private static final int RANGE_PAGES = 8_192;

  /** The table of a query whose rows may come in any order from several places. */
  static Optional<RemoteTable> table(RemoteQuery query) {
    boolean plain =
        query.groupBy().isEmpty()
            && query.having().isEmpty()
            && query.orderBy().isEmpty()
            && !query.distinct()
            && query.limit().isEmpty()
            && query.offset().isEmpty()
            && query.outputs().stream().noneMatch(output -> aggregates(output.value()));
    return plain && query.from().orElse(null) instanceof RemoteFrom.Table(var id, var table)
        ? Optional.of(table)
        : Optional.empty();
  }

  private static boolean aggregates(RemoteExpression expression) {
    return expression instanceof RemoteExpression.Aggregate
        || Conditions.operands(expression).stream().anyMatch(Split::aggregates);
  }

  @Override
  public @Nullable String next() {
    long from = position.getAndAdd(RANGE_PAGES);
    if (from >= pages) {
      return null;
    }
    long end = from + RANGE_PAGES;
    return PostgresTransaction.copy(sql.pages(query, from, end >= pages ? -1 : end));
  }
}
