package dev.polder.engine.internal.session;

import dev.polder.engine.Session;
import dev.polder.engine.SessionId;
import dev.polder.maintenance.SpaceSessions;
import dev.polder.metastore.Metastore;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    SpaceKey space();

    String door();

    String clientAddress();

    long openedAtMicros();

    long lastUsedMillis();

    /** When the oldest work that it still does began: a statement, or the open transaction. */
    OptionalLong oldestWorkMicros();

    /** The running statement's text without secrets; empty when none runs. */
    Optional<String> running();

    /** The running statement as it was sent. */
    Optional<String> runningText();

    /** Ends the session: now when it is idle, else when its statement is done. */
    void end(ErrorCode why);

    /** Whether it runs the statement that its client gave this id. */
    boolean runs(UUID statement);

    /** Ends the session if it is idle for that long. */
    void expire(Duration idle);
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

  /**
   * Those of each space.
   *
   * @param except is left out
   */
  public SpaceSessions inSpaces(Optional<SessionId> except) {
    return new SpaceSessions() {
      @Override
      public List<String> busy(SpaceKey space) {
        return of(space)
            .filter(listed -> listed.running().isPresent())
            .map(listed -> listed.session().id().toString())
            .toList();
      }

      @Override
      public void close(SpaceKey space) {
        of(space).toList().forEach(listed -> listed.session().close());
      }

      private Stream<Listed> of(SpaceKey space) {
        return sessions.values().stream()
            .filter(listed -> listed.space().equals(space))
            .filter(listed -> !except.equals(Optional.of(listed.session().id())));
      }
    };
  }

  /** Ends the sessions in a space that is gone. */
  public void endIn(SpaceKey space) {
    sessions.values().stream()
        .filter(listed -> listed.space().equals(space))
        .forEach(listed -> listed.end(ErrorCode.DATABASE_NOT_FOUND));
  }

  /** Ends what is idle for longer than the server or its database allows. */
  public void expire(Metastore metastore, Duration most) {
    Map<DatabaseId, List<Listed>> byDatabase =
        sessions.values().stream()
            .collect(Collectors.groupingBy(listed -> listed.space().database()));
    byDatabase.forEach((database, listed) -> {
      long seconds = metastore.read(tx -> tx.databases().idleTimeout(database));
      Duration own = Duration.ofSeconds(seconds);
      Duration limit = seconds > 0 && own.compareTo(most) < 0 ? own : most;
      listed.forEach(session -> session.expire(limit));
    });
  }

  public int size() {
    return sessions.size();
  }
}
