package dev.polder.door.http;

import dev.polder.engine.Session;
import dev.polder.engine.SessionId;
import dev.polder.engine.SessionRequest;
import dev.polder.engine.SessionService;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.Identity;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.duckdb.DuckDBConnection;

/** Sessions on one in-memory DuckDB, with two databases by name. */
final class DuckSessions implements SessionService, AutoCloseable {
  private static final Set<String> DATABASES = Set.of("default", "flights");
  private static final Set<String> TENANTS = Set.of("default", "acme");

  private final BufferAllocator allocator = new RootAllocator();
  private final DuckDBConnection root;
  private final Map<SessionId, DuckSession> open = new ConcurrentHashMap<>();

  DuckSessions() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    root = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", properties);
    try (Statement statement = root.createStatement()) {
      statement.execute("SET TimeZone='UTC'");
      statement.execute("SET threads=2");
    }
  }

  @Override
  public Session openBeside(Session first) {
    throw new AssertionError("over HTTP a session runs one statement at a time");
  }

  @Override
  public Session open(SessionRequest request) {
    request
        .database()
        .filter(name -> !DATABASES.contains(name))
        .ifPresent(name -> {
          throw new PolderException(
              ErrorCode.DATABASE_NOT_FOUND, "database '" + name + "' does not exist");
        });
    request
        .tenant()
        .filter(name -> !TENANTS.contains(name))
        .ifPresent(name -> {
          throw new PolderException(
              ErrorCode.TENANT_NOT_FOUND, "tenant '" + name + "' does not exist");
        });
    try {
      DuckSession[] made = new DuckSession[1];
      DuckDBConnection connection = root.duplicate();
      made[0] = new DuckSession(request, connection, allocator, () -> open.remove(made[0].id()));
      open.put(made[0].id(), made[0]);
      return made[0];
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Optional<Session> find(SessionId id, Identity identity) {
    return Optional.ofNullable(open.get(id));
  }

  int count() {
    return open.size();
  }

  long arrowBytes() {
    return allocator.getAllocatedMemory();
  }

  @Override
  public void close() throws SQLException {
    root.close();
    allocator.close();
  }
}
