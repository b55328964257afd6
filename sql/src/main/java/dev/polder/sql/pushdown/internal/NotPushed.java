package dev.polder.sql.pushdown.internal;

/** A part of a query is not asked of its source; the message says why, for EXPLAIN. */
public final class NotPushed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NotPushed(String reason) {
    super(reason, null, false, false);
  }

  /** Why; never null. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
