package dev.polder.door.flight.internal;

import dev.polder.door.flight.FlightLimits;
import dev.polder.engine.Session;
import dev.polder.engine.SessionRequest;
import dev.polder.engine.SessionService;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The open sessions, found by credential, database and tenant: a call that names another database
 * than the calls before it gets another session. Thread-safe.
 */
final class ClientSessions implements AutoCloseable {
  private final SessionService engine;
  private final FlightLimits limits;
  private final Map<Key, ClientSession> sessions = new ConcurrentHashMap<>();
  private boolean closed;

  private record Key(String credential, Optional<String> database, Optional<String> tenant) {}

  ClientSessions(SessionService engine, FlightLimits limits, MeterRegistry meters) {
    this.engine = engine;
    this.limits = limits;
    meters.gaugeMapSize("polder.flight.sessions", List.of(), sessions);
  }

  ClientSession current() {
    Caller caller = Caller.current();
    Key key = new Key(caller.sessionKey(), caller.database(), caller.tenant());
    ClientSession session = sessions.get(key);
    if (session == null && caller.database().isEmpty() && caller.tenant().isEmpty()) {
      session = only(caller.sessionKey());
    }
    return session != null ? session : create(key, caller);
  }

  // Some drivers leave the headers out of some calls: these mean the session there is.
  private @Nullable ClientSession only(String credential) {
    ClientSession found = null;
    for (Map.Entry<Key, ClientSession> entry : sessions.entrySet()) {
      if (entry.getKey().credential().equals(credential)) {
        if (found != null) {
          return null;
        }
        found = entry.getValue();
      }
    }
    return found;
  }

  private synchronized ClientSession create(Key key, Caller caller) {
    if (closed) {
      throw new PolderException(
          ErrorCode.SHUTTING_DOWN, "the server is stopping; connect again in a moment");
    }
    ClientSession present = sessions.get(key);
    if (present != null) {
      return present;
    }
    long open =
        sessions.values().stream()
            .filter(session -> session.identity().id().equals(caller.identity().id()))
            .count();
    if (open >= limits.sessionsPerPrincipal()) {
      throw new PolderException(
          ErrorCode.CONNECTION_LIMIT,
          caller.identity().name()
              + " already has "
              + open
              + " sessions open; close some of them or wait until they expire");
    }
    SessionRequest request =
        new SessionRequest(
            caller.identity(), caller.tenant(), caller.database(), "flight", caller.address());
    ClientSession session =
        new ClientSession(
            caller.identity(),
            first -> first.map(engine::openBeside).orElseGet(() -> open(key, request)),
            limits);
    sessions.put(key, session);
    return session;
  }

  // A name that cannot be bound to must not count among the principal's sessions.
  private Session open(Key key, SessionRequest request) {
    try {
      return engine.open(request);
    } catch (RuntimeException e) {
      ClientSession session = sessions.get(key);
      if (session != null && session.unused()) {
        sessions.remove(key, session);
      }
      throw e;
    }
  }

  /** Closes the caller's session, if it has one. */
  boolean closeCurrent() {
    Caller caller = Caller.current();
    ClientSession session =
        sessions.remove(new Key(caller.sessionKey(), caller.database(), caller.tenant()));
    if (session == null) {
      return false;
    }
    session.close();
    return true;
  }

  /** Closes the sessions that ended with their connection. */
  void connectionEnded(Connection connection) {
    closeWhere(key -> key.credential().endsWith("@" + connection.id()));
  }

  void closeIdle() {
    long idle = limits.sessionIdle().toNanos();
    List<ClientSession> ended = new ArrayList<>();
    sessions.forEach((key, session) -> {
      if (session.idleFor(idle) && sessions.remove(key, session)) {
        ended.add(session);
      }
    });
    ended.forEach(ClientSession::close);
  }

  private void closeWhere(Predicate<Key> condition) {
    List<ClientSession> ended = new ArrayList<>();
    sessions.forEach((key, session) -> {
      if (condition.test(key) && sessions.remove(key, session)) {
        ended.add(session);
      }
    });
    ended.forEach(ClientSession::close);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    closeWhere(key -> true);
  }
}
