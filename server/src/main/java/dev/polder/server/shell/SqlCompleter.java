package dev.polder.server.shell;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes keywords, in the case that was begun, and the names of tables and columns. */
final class SqlCompleter implements Completer {
  static final Set<String> KEYWORDS =
      new TreeSet<>(
          List.of(
              ("ALL ALTER AND AS ASC AT BEGIN BETWEEN BY CASE CAST COLUMN COMMIT COPY CREATE CROSS"
                      + " CURRENT_DATE CURRENT_TIMESTAMP DATABASE DATABASES DELETE DESC DESCRIBE"
                      + " DISTINCT DROP ELSE END EXCEPT EXISTS EXPLAIN FALSE FROM FULL GRANT GRANTS"
                      + " GROUP HAVING IN INNER INSERT INTERSECT INTO IS JOIN LEFT LIKE LIMIT MERGE"
                      + " NOT NULL OFFSET ON OR ORDER OVER PARTITIONED PIVOT QUALIFY RETURNING"
                      + " REVOKE RIGHT ROLE ROLES ROLLBACK SCHEMA SCHEMAS SELECT SET SHOW TABLE"
                      + " TABLES TENANT TENANTS THEN TO TRUE UNION UNPIVOT UPDATE USE USER USERS"
                      + " USING VALUES VERSION VIEW WHEN WHERE WINDOW WITH")
                  .split(" ")));
  private static final List<String> COMMANDS =
      List.of("\\d", "\\dt", "\\l", "\\c", "\\x", "\\timing", "\\?", "\\q");

  private final NameIndex names;

  SqlCompleter(NameIndex names) {
    this.names = names;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    String word = line.word().substring(0, Math.min(line.wordCursor(), line.word().length()));
    if (line.wordIndex() == 0 && word.startsWith("\\")) {
      COMMANDS.stream()
          .filter(command -> command.startsWith(word))
          .forEach(command -> candidates.add(new Candidate(command)));
      return;
    }
    candidates(word).forEach(text -> candidates.add(candidate(text)));
  }

  /** What a word can become. Completion takes up after the last character that no name has. */
  List<String> candidates(String word) {
    int start = word.length();
    while (start > 0 && isNamePart(word.charAt(start - 1))) {
      start--;
    }
    String kept = word.substring(0, start);
    String begun = word.substring(start);
    TreeSet<String> found = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    boolean afterDot = kept.endsWith(".");
    if (!begun.isEmpty() && !afterDot) {
      boolean lower = begun.equals(begun.toLowerCase(Locale.ROOT));
      KEYWORDS.stream()
          .filter(keyword -> keyword.startsWith(begun.toUpperCase(Locale.ROOT)))
          .map(keyword -> lower ? keyword.toLowerCase(Locale.ROOT) : keyword)
          .forEach(found::add);
    }
    if (!begun.isEmpty() || afterDot) {
      found.addAll(names.startingWith(begun));
    }
    return found.stream().map(text -> kept + text).toList();
  }

  private static Candidate candidate(String text) {
    return new Candidate(text, text, null, null, null, null, true);
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }
}
