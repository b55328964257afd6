package dev.polder.policy;

import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A refusal that knows what was refused, for the audit trail: of the database that it names, where
 * it names one, not of the one where the statement ran. Immutable.
 */
public final class DeniedException extends PolderException {
  private static final long serialVersionUID = 1L;
  private final transient @Nullable DatabaseId database;
  private final String object;
  private final @Nullable String privilege;

  private DeniedException(
      ErrorCode code,
      @Nullable DatabaseId database,
      String object,
      @Nullable String privilege,
      String reason,
      int position) {
    super(code, reason, position, null);
    this.database = database;
    this.object = object;
    this.privilege = privilege;
  }

  /**
   * A refusal that concerns a database.
   *
   * @param object what was refused, as the trail names it
   */
  public DeniedException(DatabaseId database, String object, String reason) {
    this(ErrorCode.ACCESS_DENIED, database, object, null, reason, -1);
  }

  /** A refusal that concerns an object of the database where the statement runs. */
  public DeniedException(String object, String reason) {
    this(ErrorCode.ACCESS_DENIED, null, object, null, reason, -1);
  }

  /** The one for want of a privilege, which every door words the same way. */
  public static DeniedException missing(String privilege, String object) {
    return new DeniedException(
        ErrorCode.ACCESS_DENIED,
        null,
        object,
        privilege,
        "missing " + privilege + " grant on " + object,
        -1);
  }

  /**
   * The refusal of a function.
   *
   * @param position in the user's text; −1 when unknown
   */
  public static DeniedException function(String name, String reason, int position) {
    return new DeniedException(
        ErrorCode.FUNCTION_NOT_ALLOWED, null, "function " + name, null, reason, position);
  }

  /** Empty: it concerns the database where the statement runs. */
  public Optional<DatabaseId> database() {
    return Optional.ofNullable(database);
  }

  public String object() {
    return object;
  }

  /** Empty: it is not for want of a privilege. */
  public Optional<String> privilege() {
    return Optional.ofNullable(privilege);
  }
}
