package dev.polder.door.iceberg;

import dev.polder.model.Secret;
import java.time.Duration;
import java.util.Optional;

/**
 * What gives OAuth clients their access tokens. Refusals are {@code PolderException}s: {@code
 * INVALID_PASSWORD} for a client that is not who it says, {@code AUTHENTICATION_FAILED} for a token
 * that counts no more, {@code INVALID_SCOPE}. Thread-safe; called from virtual threads.
 */
public interface TokenService {
  /**
   * A token for a client.
   *
   * @param scope empty: all that it may do
   * @param address the client's, for throttling
   */
  Token forClient(Client client, Optional<String> scope, String address);

  /**
   * A token for another one that is good for no more.
   *
   * @param client who asks, where it says so
   */
  Token forToken(Secret subject, Optional<Client> client, Optional<String> scope, String address);

  /**
   * Ends a token and those obtained with it; one that is unknown is no failure.
   *
   * @param client who asks, where it says so; it ends its own only
   */
  void revoke(Secret token, Optional<Client> client, String address);

  /** A client's id and secret. Immutable. */
  record Client(String id, Secret secret) {}

  /** A token just made. Immutable. */
  record Token(Secret text, Duration lifetime, String scope) {}
}
