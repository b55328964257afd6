package dev.polder.engine.internal.session;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells which of a session's calls count as statements against its quota: a client describes what
 * it prepares, describes it once more to run it, and runs it, and all that is one. One owner.
 */
final class StatementCount {
  private static final Pattern ENDS =
      Pattern.compile("\\s*(COMMIT|ROLLBACK|END|ABORT)\\b", Pattern.CASE_INSENSITIVE);

  /** What was counted when it was described, so that running it next counts no more. */
  private @Nullable String described;

  private boolean describedTwice;

  /** Whether running the statement counts. */
  boolean execution(String sql) {
    boolean counted = sql.equals(described);
    described = null;
    return !counted;
  }

  /** Whether describing the statement counts; one that does and is not refused is {@link #took}. */
  boolean description(String sql) {
    if (sql.equals(described) && !describedTwice) {
      describedTwice = true;
      return false;
    }
    return true;
  }

  /** Takes note that the statement was counted when it was described. */
  void took(String sql) {
    described = sql;
    describedTwice = false;
  }

  /** What ends a transaction is never refused for its number. */
  static boolean isExempt(String sql) {
    return ENDS.matcher(sql).lookingAt();
  }
}
