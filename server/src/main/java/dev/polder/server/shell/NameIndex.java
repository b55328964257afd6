package dev.polder.server.shell;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.server.client.ConnectionFailure;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.ServerFailure;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The names of tables and columns that can be completed, read from {@code information_schema} when
 * they are first needed and again after a statement that may have changed them. Used by one thread.
 */
final class NameIndex {
  private static final Pattern CHANGING =
      Pattern.compile("(?is)(?:CREATE|DROP|ALTER|USE|ROLLBACK)\\b.*");

  private final PolderClient client;
  private Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private boolean stale = true;

  NameIndex(PolderClient client) {
    this.client = client;
  }

  /** The names that begin with the text, in any case. */
  Collection<String> startingWith(String prefix) {
    if (stale) {
      stale = false;
      names = load();
    }
    return names.stream()
        .filter(name -> name.regionMatches(true, 0, prefix, 0, prefix.length()))
        .toList();
  }

  void statementRan(String statement) {
    stale |= CHANGING.matcher(statement.strip()).matches();
  }

  private Set<String> load() {
    Set<String> found = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    try {
      for (List<JsonNode> row :
          client
              .execute(
                  "SELECT table_schema, table_name, column_name FROM information_schema.columns")
              .rows()) {
        row.forEach(cell -> found.add(quotedIfNeeded(cell.asText())));
      }
    } catch (ServerFailure | ConnectionFailure failure) {
      // Nobody waits for a completion: without names it offers keywords, and asks again later.
      stale = true;
    }
    return found;
  }

  static String quotedIfNeeded(String name) {
    boolean plain =
        name.matches("[A-Za-z_][A-Za-z0-9_]*")
            && !SqlCompleter.KEYWORDS.contains(name.toUpperCase(Locale.ROOT));
    return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
  }
}
