package dev.polder.engine.internal.execute;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.bind.BoundQuery;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Makes errors about the text that DuckDB ran errors about the text that the user wrote. */
public final class UserErrors {
  private UserErrors() {}

  public static UnaryOperator<PolderException> of(BoundQuery query) {
    return error -> translate(error, query);
  }

  private static PolderException translate(PolderException error, BoundQuery query) {
    if (error.code() == ErrorCode.COLUMN_NOT_FOUND) {
      String message =
          error.getMessage() == null ? "" : error.getMessage().toLowerCase(Locale.ROOT);
      for (Map.Entry<String, String> hidden : query.hiddenColumns().entrySet()) {
        if (message.contains("\"" + hidden.getKey() + "\"")) {
          return new PolderException(
              ErrorCode.ACCESS_DENIED, "missing SELECT grant on " + hidden.getValue());
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
}
