package dev.polder.door.flight.internal;

import dev.polder.engine.Session;
import dev.polder.engine.SessionId;
import dev.polder.engine.SessionRequest;
import dev.polder.engine.SessionService;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.Identity;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.duckdb.DuckDBConnection;

/** Sessions straight on DuckDB, one in-memory database for each name. */
public final class DuckSessions implements SessionService, AutoCloseable {
  static final List<String> DATABASES = List.of("lake", "other");

  final BufferAllocator allocator = new RootAllocator();
  private final Map<String, DuckDBConnection> databases = new ConcurrentHashMap<>();
  private final Map<SessionId, DuckSession> sessions = new ConcurrentHashMap<>();

  public DuckSessions() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    for (String name : DATABASES) {
      databases.put(
          name,
          (DuckDBConnection)
              DriverManager.getConnection("jdbc:duckdb::memory:" + name, properties));
    }
  }

  @Override
  public Session open(SessionRequest request) {
    String name = request.database().orElse("lake");
    DuckDBConnection database = databases.get(name);
    if (database == null) {
      throw new PolderException(
          ErrorCode.DATABASE_NOT_FOUND, "there is no database '" + name + "'; create it first");
    }
    try {
      DuckSession session =
          new DuckSession(this, request, name, database.duplicate().unwrap(DuckDBConnection.class));
      sessions.put(session.id(), session);
      return session;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Session openBeside(Session first) {
    return open(((DuckSession) first).request());
  }

  void closed(DuckSession session) {
    sessions.remove(session.id());
  }

  public int open() {
    return sessions.size();
  }

  public long peakMemory() {
    return allocator.getPeakMemoryAllocation();
  }

  public long memory() {
    return allocator.getAllocatedMemory();
  }

  @Override
  public Optional<Session> find(SessionId id, Identity identity) {
    return Optional.ofNullable(sessions.get(id))
        .filter(session -> session.identity().id().equals(identity.id()))
        .map(Session.class::cast);
  }

  @Override
  public void close() throws SQLException {
    sessions.values().forEach(Session::close);
    for (DuckDBConnection database : databases.values()) {
      database.close();
    }
    allocator.close();
  }
}
