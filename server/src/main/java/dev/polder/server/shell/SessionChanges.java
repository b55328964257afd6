package dev.polder.server.shell;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells which statements change what the prompt shows. */
final class SessionChanges {
  private static final Pattern USE =
      Pattern.compile(
          "USE\\s+(?:DATABASE\\s+)?(?:\"((?:[^\"]|\"\")+)\"|(\\w+))(?:\\..*)?",
          Pattern.CASE_INSENSITIVE);

  private SessionChanges() {}

  /** The database that a statement which succeeded has made the session's own. */
  static Optional<String> databaseAfter(String statement) {
    Matcher use = USE.matcher(statement.strip());
    if (!use.matches()) {
      return Optional.empty();
    }
    String quoted = use.group(1);
    return Optional.of(quoted != null ? quoted.replace("\"\"", "\"") : use.group(2));
  }
}
