package dev.polder.engine.internal.session;

import dev.polder.engine.Session;
import dev.polder.engine.SessionId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** The sessions that are open in this server. Thread-safe. */
public final class SessionRegistry {
  private final ConcurrentHashMap<SessionId, Listed> sessions = new ConcurrentHashMap<>();
  private final int limit;

  public SessionRegistry(int limit) {
    this.limit = limit;
  }

  /** What SHOW SESSIONS tells of a session. */
  public interface Listed {
    Session session();

    String door();

    String clientAddress();

    long openedAtMicros();

    long lastUsedMillis();

    /** When the oldest work that it still does began: a statement, or the open transaction. */
    OptionalLong oldestWorkMicros();

    /** The running statement's text without secrets; empty when none runs. */
    Optional<String> running();
  }

  void add(Listed session) {
    if (sessions.size() >= limit) {
      throw new PolderException(
          ErrorCode.CONNECTION_LIMIT,
          "the server has " + limit + " sessions open already; close some or try again later");
    }
    sessions.put(session.session().id(), session);
  }

  void remove(SessionId id) {
    sessions.remove(id);
  }

  public Optional<Session> find(SessionId id) {
    return Optional.ofNullable(sessions.get(id)).map(Listed::session);
  }

  public List<Listed> all() {
    return List.copyOf(sessions.values());
  }

  public int size() {
    return sessions.size();
  }
}
