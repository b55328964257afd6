package dev.polder.engine.internal.execute;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.polder.sql.parse.StatementParser;
import dev.polder.sql.statement.Statement;

/** Parsed statements by their text. Statements that carry passwords are not kept. Thread-safe. */
public final class StatementCache {
  private static final int MAX_TEXT = 16 << 10;
  private static final int MAX_ENTRIES = 2_000;

  private final StatementParser parser;
  private final Cache<String, Statement> cache =
      Caffeine.newBuilder().maximumSize(MAX_ENTRIES).build();

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
}
