package dev.polder.door.http;

import dev.polder.engine.Result;
import dev.polder.engine.Session;
import dev.polder.engine.SessionId;
import dev.polder.engine.SessionRequest;
import dev.polder.engine.SessionService;
import dev.polder.engine.StatementOptions;
import dev.polder.policy.Identity;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** Writes down administrative statements, which DuckDB does not know, and runs all others. */
final class RecordingSessions implements SessionService, AutoCloseable {
  private static final Pattern ADMINISTRATIVE =
      Pattern.compile(
          "(?s)(CREATE|CREATE OR REPLACE|DROP|ALTER)"
              + " (TENANT|IDENTITY|DATABASE|CLUSTER|USER|ROLE|GROUP|ROW|COLUMN|TOKEN) .*"
              + "|(GRANT|REVOKE|CLONE|MIRROR|MOVE|BACKUP|RESTORE|RESET|UNDROP|KILL) .*");

  private final DuckSessions duck;
  private final List<String> statements = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  RecordingSessions(DuckSessions duck) {
    this.duck = duck;
  }

  List<String> statements() {
    return statements;
  }

  /** All that was asked for, whatever came of it. */
  List<String> asked() {
    return asked;
  }

  void clear() {
    asked.clear();
    statements.clear();
  }

  @Override
  public Session openBeside(Session first) {
    return duck.openBeside(first);
  }

  @Override
  public Session open(SessionRequest request) {
    Session session = duck.open(request);
    return (Session)
        Proxy.newProxyInstance(
            Session.class.getClassLoader(),
            new Class<?>[] {Session.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("execute")) {
                return execute(
                    session, (String) arguments[0], (StatementOptions) arguments[2], arguments);
              }
              try {
                return method.invoke(session, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private Result execute(
      Session session, String sql, StatementOptions options, Object[] arguments) {
    asked.add(sql);
    if (ADMINISTRATIVE.matcher(sql).matches()) {
      statements.add(sql);
      return new Result.Updated(-1, List.of());
    }
    String text =
        sql.equals("SHOW TENANTS") ? "SELECT * FROM (VALUES ('b'), ('c'), ('a')) t(name)" : sql;
    return session.execute(text, cast(arguments[1]), options);
  }

  @SuppressWarnings("unchecked")
  private static List<Object> cast(Object list) {
    return (List<Object>) list;
  }

  @Override
  public Optional<Session> find(SessionId id, Identity identity) {
    return duck.find(id, identity);
  }

  @Override
  public void close() throws java.sql.SQLException {
    duck.close();
  }
}
