package dev.polder.engine.internal.session;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.statement.Statement;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The statements that a session has prepared by SQL's PREPARE, by name. Guarded by its owner. */
public final class PreparedStatements {
  private static final int MAX = 1_000;

  private final Map<String, Statement> statements = new HashMap<>();

  public void put(String name, Statement statement) {
    if (statements.size() >= MAX) {
      throw new PolderException(
          ErrorCode.SERVER_BUSY,
          "the session holds " + MAX + " prepared statements; DEALLOCATE those not needed");
    }
    statements.put(key(name), statement);
  }

  public Statement get(String name) {
    Statement statement = statements.get(key(name));
    if (statement == null) {
      throw missing(name);
    }
    return statement;
  }

  public void remove(String name) {
    if (statements.remove(key(name)) == null) {
      throw missing(name);
    }
  }

  public void clear() {
    statements.clear();
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static PolderException missing(String name) {
    return new PolderException(
        ErrorCode.PREPARED_STATEMENT_NOT_FOUND,
        "prepared statement " + name + " does not exist; PREPARE it first");
  }
}
