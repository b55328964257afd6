package dev.polder.http;

import dev.polder.model.Secret;
import dev.polder.policy.Identity;
import java.time.Duration;
import java.time.Instant;

/**
 * What the door asks of authentication. Every method throws {@code PolderException} with {@code
 * AUTHENTICATION_FAILED} or {@code INVALID_PASSWORD} when it refuses; throttling is its own work.
 * Thread-safe; called from virtual threads.
 */
public interface HttpAuthenticator {
  /**
   * Checks a name and password.
   *
   * @param clientAddress the peer's address, for throttling and audit
   */
  Identity password(String user, Secret password, String clientAddress);

  /** Checks a token's text: of a login, personal, of a service, or the configured static key. */
  Identity token(Secret token);

  /**
   * Who a token said to be when it was last checked, some seconds ago at most: for callers that
   * look at the login again in the transaction of what they do.
   */
  default Identity recentToken(Secret token) {
    return token(token);
  }

  /** Issues a token for a principal that has just proved who it is. */
  Login login(Identity identity, Duration lifetime);

  /** Ends the token that the identity came with; nothing happens when it came with none. */
  void logout(Identity identity);

  /** A token just issued; its text is shown to the caller once. */
  record Login(Secret token, Instant expiresAt) {}
}
