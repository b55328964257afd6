package dev.polder.policy;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import java.time.Duration;
import java.util.Optional;

/**
 * How the {@link Authenticator} works. Immutable.
 *
 * @param apiKey a configured key that acts as the superuser {@code api-key}; at least 16 characters
 * @param rememberPasswords for how long a verified password needs no argon2
 * @param plainHttp whether identity providers on other machines may be asked over http
 */
public record AuthenticatorOptions(
    PasswordHashing hashing,
    Optional<Secret> apiKey,
    Duration rememberPasswords,
    boolean plainHttp) {
  private static final int MIN_API_KEY = 16;

  public AuthenticatorOptions {
    if (apiKey.isPresent() && apiKey.get().reveal().length() < MIN_API_KEY) {
      throw new PolderException(
          ErrorCode.INVALID_CONFIGURATION,
          "the API key is too short: POLDER_API_KEY needs at least " + MIN_API_KEY + " characters");
    }
  }

  /** With identity providers over https alone. */
  public AuthenticatorOptions(
      PasswordHashing hashing, Optional<Secret> apiKey, Duration rememberPasswords) {
    this(hashing, apiKey, rememberPasswords, false);
  }

  public AuthenticatorOptions withPlainHttp(boolean allowed) {
    return new AuthenticatorOptions(hashing, apiKey, rememberPasswords, allowed);
  }

  public static AuthenticatorOptions standard(Optional<Secret> apiKey) {
    return new AuthenticatorOptions(PasswordHashing.recommended(), apiKey, Duration.ofMinutes(1));
  }
}
