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

  /**
   * Binds a new session where another one of the same client is, and for the same connection: a
   * limit on connections counts them once.
   *
   * @throws dev.polder.model.PolderException SESSION_CLOSED, ACCESS_DENIED
   */
  Session openBeside(Session first);

  /** A session that is open, if its principal is the one given. */
  Optional<Session> find(SessionId id, dev.polder.policy.Identity identity);
}
