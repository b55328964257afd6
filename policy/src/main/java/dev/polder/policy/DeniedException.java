package dev.polder.policy;

import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;

/**
 * {@code ACCESS_DENIED} that knows what was refused: the audit trail of that database is told, not
 * that of the one where the statement ran. Immutable.
 */
public final class DeniedException extends PolderException {
  private static final long serialVersionUID = 1L;
  private final transient DatabaseId database;
  private final String object;

  /**
   * A refusal.
   *
   * @param object what was refused, as the trail names it
   */
  public DeniedException(DatabaseId database, String object, String reason) {
    super(ErrorCode.ACCESS_DENIED, reason);
    this.database = database;
    this.object = object;
  }

  public DatabaseId database() {
    return database;
  }

  public String object() {
    return object;
  }
}
