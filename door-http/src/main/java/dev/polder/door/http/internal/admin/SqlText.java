package dev.polder.door.http.internal.admin;

import dev.polder.http.Fields;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Builds statement text from values that clients sent: each is quoted for its place. */
final class SqlText {
  private final StringBuilder text = new StringBuilder();

  /** Words of the grammar, never of a client. */
  static SqlText of(String words) {
    return new SqlText().words(words);
  }

  /** CREATE, which may find the thing there, if the body's {@code ifNotExists} says so. */
  static SqlText create(String statement, Fields fields) {
    return of(statement).unless("IF NOT EXISTS", fields.flag("ifNotExists"));
  }

  /** DROP, which may find nothing, if the body's {@code ifExists} says so. */
  static SqlText drop(String statement, Fields fields) {
    return of(statement).unless("IF EXISTS", fields.flag("ifExists"));
  }

  private SqlText unless(String words, Optional<Boolean> wanted) {
    return wanted.orElse(false) ? words(words) : this;
  }

  /** WITH and options that {@link #option} made; nothing for none. */
  SqlText with(List<String> options) {
    return options.isEmpty() ? this : words("WITH (" + String.join(", ", options) + ")");
  }

  /** An option of a name of the grammar's. */
  static String option(String name, String value) {
    return of(name + " =").literal(value).toString();
  }

  SqlText words(String words) {
    if (!text.isEmpty()) {
      text.append(' ');
    }
    text.append(words);
    return this;
  }

  SqlText name(String name) {
    return words(quoted(name, '"'));
  }

  SqlText table(String schema, String table) {
    return words(quoted(schema, '"') + "." + quoted(table, '"'));
  }

  SqlText columns(List<String> names) {
    return words(
        names.stream().map(name -> quoted(name, '"')).collect(Collectors.joining(", ", "(", ")")));
  }

  SqlText literal(String value) {
    return words(quoted(value, '\''));
  }

  /**
   * A condition or expression, which is SQL of the administrator's own; the grammar refuses what is
   * not balanced, and the new line ends a comment.
   */
  SqlText expression(String expression) {
    return words("(" + noNul(expression) + "\n)");
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private static String quoted(String value, char quote) {
    String mark = String.valueOf(quote);
    if (value.isEmpty() && quote == '"') {
      throw new PolderException(ErrorCode.INVALID_NAME, "a name must not be empty");
    }
    return mark + noNul(value).replace(mark, mark + mark) + mark;
  }

  private static String noNul(String value) {
    if (value.indexOf('\0') >= 0) {
      throw Fields.bad("a value contains the character NUL");
    }
    return value;
  }
}
