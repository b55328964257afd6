package dev.polder.engine.internal.execute;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.polder.engine.Description;
import dev.polder.sql.bind.BoundQuery;
import dev.polder.sql.bind.SourceScan;
import dev.polder.sql.parse.StatementParser;
import dev.polder.sql.statement.Statement;
import java.util.List;
import java.util.function.Supplier;

/**
 * What is known of statements by their text: how they parse and, under the same views, what they
 * answer. Statements that carry passwords are not kept. Thread-safe.
 */
public final class StatementCache {
  private static final int MAX_TEXT = 16 << 10;
  private static final int MAX_ENTRIES = 2_000;
  // Each holds the views that it was made under, with the names of all their files.
  private static final int MAX_DESCRIPTIONS = 256;

  private final StatementParser parser;
  private final Cache<String, Statement> cache =
      Caffeine.newBuilder().maximumSize(MAX_ENTRIES).build();
  private final Cache<Described, Description> descriptions =
      Caffeine.newBuilder().maximumSize(MAX_DESCRIPTIONS).build();

  private record Described(String text, Object catalog, Object remote, String timeZone) {}

  public StatementCache(StatementParser parser) {
    this.parser = parser;
  }

  public StatementParser parser() {
    return parser;
  }

  /** The one statement of a text. */
  public Statement parse(String sql) {
    Statement cached = cache.getIfPresent(sql);
    if (cached != null) {
      return cached;
    }
    Statement statement = parser.parseOne(sql);
    if (sql.length() <= MAX_TEXT
        && !(statement instanceof dev.polder.sql.statement.AdminStatement)) {
      cache.put(sql, statement);
    }
    return statement;
  }

  /** Under which names the text finds columns of which types. */
  private static Object shapes(BoundQuery query) {
    return query.remote().stream()
        .map(scan -> List.of(scan.name(), scan.policies(), columns(scan)))
        .toList();
  }

  private static List<String> columns(SourceScan scan) {
    return scan.query().outputs().stream()
        .map(output -> output.name() + " " + output.value().type())
        .toList();
  }

  /**
   * What a bound query answers: that depends on its text, its views and, for the types of
   * timestamps, the session's time zone.
   */
  Description description(BoundQuery query, String timeZone, Supplier<Description> look) {
    String text = query.text().toString();
    if (text.length() > MAX_TEXT || !query.contents().relations().isEmpty()) {
      return look.get();
    }
    Described key = new Described(text, query.contents().key(), shapes(query), timeZone);
    Description known = descriptions.getIfPresent(key);
    if (known == null) {
      known = look.get();
      descriptions.put(key, known);
    }
    return known;
  }
}
