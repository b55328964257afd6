package dev.polder.engine.internal.execute;

import dev.polder.engine.internal.source.SourceReads;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.DeniedException;
import dev.polder.sql.bind.BoundQuery;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Makes errors about the text that DuckDB ran errors about the text that the user wrote. */
public final class UserErrors {
  private UserErrors() {}

  public static UnaryOperator<PolderException> of(BoundQuery query) {
    return error -> translate(error, query);
  }

  /**
   * Makes the query's catalog the place of unqualified names, and what it reads from sources known
   * to the session.
   */
  public static void use(Execution execution, BoundQuery query, SourceReads.Mode mode) {
    try {
      execution.use(query, mode);
    } catch (PolderException e) {
      throw translate(e, query);
    }
  }

  private static PolderException translate(PolderException error, BoundQuery query) {
    if (error.code() == ErrorCode.DATA_FILE_MISSING) {
      return new PolderException(
          error.code(),
          "a data file of " + tables(error, query) + " is missing",
          error.position().orElse(-1),
          error.getCause());
    }
    if (error.code() == ErrorCode.COLUMN_NOT_FOUND) {
      String message =
          error.getMessage() == null ? "" : error.getMessage().toLowerCase(Locale.ROOT);
      for (Map.Entry<String, String> hidden : query.hiddenColumns().entrySet()) {
        if (message.contains("\"" + hidden.getKey() + "\"")) {
          return DeniedException.missing("SELECT", hidden.getValue());
        }
      }
    }
    int position = error.position().orElse(-1);
    if (position < 0 || position > query.text().length()) {
      return error;
    }
    String message = error.getMessage();
    return new PolderException(
        error.code(),
        message == null ? error.code().name() : message,
        query.text().position(Math.min(position, query.text().length())),
        error.getCause());
  }

  /** The table that the error's cause tells of by its location, or all that were read. */
  private static String tables(PolderException error, BoundQuery query) {
    String cause = error.getCause() == null ? "" : String.valueOf(error.getCause().getMessage());
    List<String> read =
        query.reads().stream().map(each -> each.table().ref().toString()).distinct().toList();
    List<String> named =
        query.reads().stream()
            .filter(each -> cause.contains(each.table().uuid().toString()))
            .map(each -> each.table().ref().toString())
            .distinct()
            .toList();
    return "table " + String.join(" or ", named.isEmpty() ? read : named);
  }
}
