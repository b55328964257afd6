package dev.polder.engine;

import java.util.Optional;

/** Opens and finds sessions. Thread-safe. */
public interface SessionService {
  /**
   * Binds a new session.
   *
   * @throws dev.polder.model.PolderException DATABASE_NOT_FOUND, TENANT_NOT_FOUND, ACCESS_DENIED
   */
  Session open(SessionRequest request);

  /** A session that is open, if its principal is the one given. */
  Optional<Session> find(SessionId id, dev.polder.policy.Identity identity);
}
