package dev.polder.engine.internal.execute;

import dev.polder.engine.internal.space.PinnedSpace;
import dev.polder.model.PolderException;
import dev.polder.sql.authorise.ResolvedReference;
import dev.polder.sql.bind.BindRequest;
import dev.polder.sql.bind.BoundQuery;
import dev.polder.sql.pushdown.JoinFilter;
import dev.polder.sql.pushdown.JoinFilters;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the keys by which tables of this database are joined with tables of sources, so that the
 * sources give the rows with these keys alone. For one statement.
 */
final class JoinKeys {
  /** More keys than these say too little for what it takes to find them. */
  private static final int MOST = 100_000;

  /** A table this small is read as a whole sooner than keys are found. */
  private static final long SMALL = 5_000;

  private final StatementContext context;
  private final Execution execution;

  JoinKeys(StatementContext context, Execution execution) {
    this.context = context;
    this.execution = execution;
  }

  /**
   * What the keys say, by the index of the reference.
   *
   * @param space what the statement reads: keys of another moment would leave rows out
   */
  Map<Integer, List<RemoteExpression>> of(BindRequest request, PinnedSpace space) {
    Map<Integer, List<RemoteExpression>> known = new HashMap<>();
    for (JoinFilter filter : context.engine().binder().joinFilters(request)) {
      if (filter.remotes().isEmpty() && !isSmall(request, filter)) {
        keys(filter, space)
            .flatMap(keys -> JoinFilters.condition(filter.column(), keys))
            .ifPresent(condition ->
                known.computeIfAbsent(filter.reference(), key -> new ArrayList<>()).add(condition));
      }
    }
    return known;
  }

  private static boolean isSmall(BindRequest request, JoinFilter filter) {
    return request.query().references().get(filter.reference())
            instanceof ResolvedReference.Remote remote
        && remote.table().estimatedRows().orElse(Long.MAX_VALUE) < SMALL;
  }

  private Optional<List<@Nullable Object>> keys(JoinFilter filter, PinnedSpace space) {
    try {
      QueryBinding.Bound bound =
          new QueryBinding(context, execution).bind(SqlText.of(filter.keys()));
      BoundQuery query = bound.query();
      if (!query.remote().isEmpty() || bound.space().seq() != space.seq()) {
        return Optional.empty();
      }
      List<@Nullable Object> keys = new ArrayList<>();
      execution
          .rows(query.contents(), "SELECT * FROM (" + query.text() + "\n) LIMIT " + (MOST + 1))
          .forEach(row -> keys.add(row.getFirst()));
      return keys.size() > MOST ? Optional.empty() : Optional.of(keys);
    } catch (PolderException e) {
      // The statement itself shows what is wrong with it, if it comes that far.
      context.cancellation().check();
      return Optional.empty();
    }
  }
}
