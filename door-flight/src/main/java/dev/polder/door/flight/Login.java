package dev.polder.door.flight;

import dev.polder.model.Secret;
import dev.polder.policy.Identity;
import java.time.Duration;

/**
 * How this door establishes who is asking. Every failure is a {@code PolderException} with
 * AUTHENTICATION_FAILED or INVALID_PASSWORD. Thread-safe, and may be called from virtual threads.
 */
public interface Login {
  /**
   * Checks a name and password.
   *
   * @param clientAddress the peer's address, for throttling and audit
   */
  Identity password(String user, Secret password, String clientAddress);

  /** Accepts bearer tokens that {@link #issue} made, personal tokens and API keys. */
  Identity token(Secret token);

  /** Makes a bearer token for a principal whose password was right. */
  Secret issue(Identity identity, Duration lifetime);
}
