package dev.polder.door.flight.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The statements (USE, SET, RESET) that shaped a client's session, so that each of its engine
 * sessions can follow. A later statement for the same setting takes the place of the earlier one.
 * Not thread-safe.
 */
final class Settings {
  private static final int MOST = 256;
  private static final String DATABASE = "database";
  private static final String SCHEMA = "schema";
  private static final Pattern SETTING =
      Pattern.compile(
          "\\A(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/)*(USE\\b|(?:SET|RESET)\\s+(?:SESSION\\s+|LOCAL\\s+|GLOBAL\\s+)?([\\w.\"]+))",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
  private long last;

  private record Entry(long number, String sql) {}

  /** The number of the newest setting. */
  long last() {
    return last;
  }

  /**
   * Keeps the statement if it is a setting.
   *
   * @param rebound it bound the session to a database: the schemas chosen before are another's
   */
  boolean add(String sql, boolean rebound) {
    Optional<String> name = rebound ? Optional.of(DATABASE) : name(sql);
    boolean full = entries.size() >= MOST && !rebound;
    if (name.isEmpty() || (full && !entries.containsKey(name.get()))) {
      return false;
    }
    if (rebound) {
      entries.remove(SCHEMA);
    }
    entries.remove(name.get());
    entries.put(name.get(), new Entry(++last, sql));
    return true;
  }

  List<String> after(long number) {
    return entries.values().stream()
        .filter(entry -> entry.number() > number)
        .map(Entry::sql)
        .toList();
  }

  Map<String, String> all() {
    Map<String, String> all = new LinkedHashMap<>();
    entries.forEach((name, entry) -> all.put(name, entry.sql()));
    return all;
  }

  private static Optional<String> name(String sql) {
    Matcher matcher = SETTING.matcher(sql.substring(0, Math.min(sql.length(), 2_000)));
    if (!matcher.lookingAt()) {
      return Optional.empty();
    }
    String variable = matcher.group(2);
    if (variable == null) {
      return Optional.of(SCHEMA);
    }
    String lower = variable.toLowerCase(Locale.ROOT);
    return Optional.of(lower.equals("search_path") ? SCHEMA : lower);
  }
}
