package dev.polder.sql.pushdown;

import dev.polder.sql.pushdown.internal.ChangePlanner;
import dev.polder.sql.remote.RemoteExpression;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether a source can change rows of a table as a statement says: only when it evaluates
 * each value and each condition exactly as DuckDB. Stateless.
 */
public final class ChangePushdown {
  private ChangePushdown() {}

  /**
   * What a source is to do to rows of one table, whose columns are of relation 0.
   *
   * @param values as the query lists them
   * @param where all of them hold for the rows that are meant
   */
  public record Change(List<RemoteExpression> values, List<RemoteExpression> where) {
    public Change {
      values = List.copyOf(values);
      where = List.copyOf(where);
    }
  }

  /**
   * Whether the source can.
   *
   * @param notes why there is no change
   */
  public record Decision(Optional<Change> change, List<String> notes) {
    public Decision {
      notes = List.copyOf(notes);
    }
  }

  /**
   * Plans a change.
   *
   * @param request of a query {@code SELECT values FROM table WHERE conditions}
   */
  public static Decision plan(PushdownRequest request) {
    return new ChangePlanner(request).plan();
  }
}
