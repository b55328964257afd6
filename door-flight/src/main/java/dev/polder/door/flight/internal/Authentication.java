package dev.polder.door.flight.internal;

import dev.polder.door.flight.Login;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import dev.polder.policy.Identity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** Establishes the identity behind a call's {@code authorization} header. Thread-safe. */
final class Authentication {
  private final Login login;
  private final Duration tokenLifetime;
  private final IssuedTokens issued;

  Authentication(Login login, Duration tokenLifetime) {
    this.login = login;
    this.tokenLifetime = tokenLifetime;
    this.issued = new IssuedTokens(tokenLifetime);
  }

  /**
   * @param newToken the token to be told to the client, when its password was exchanged for one
   */
  record Authenticated(Identity identity, String sessionKey, Optional<Secret> newToken) {}

  /**
   * @param address the peer's, without its port: guessing slows down per address
   */
  Authenticated authenticate(String header, Connection connection, String address) {
    int space = header.indexOf(' ');
    String scheme = space < 0 ? "" : header.substring(0, space).toLowerCase(Locale.ROOT);
    String value = header.substring(space + 1).strip();
    return switch (scheme) {
      case "basic" -> password(value, connection, address);
      case "bearer" -> token(Secret.of(value), connection);
      default ->
          throw new PolderException(
              ErrorCode.AUTHENTICATION_FAILED,
              "the authorization header must start with Basic or Bearer");
    };
  }

  Authenticated token(Secret token, Connection connection) {
    Identity identity = login.token(token);
    String digest = digest(token.reveal());
    // An API key may serve many clients at once: each of its connections is a session of its own.
    String key = issued.contains(digest) ? digest : digest + "@" + connection.id();
    return new Authenticated(identity, key, Optional.empty());
  }

  private Authenticated password(String encoded, Connection connection, String address) {
    String credential = digest(encoded);
    Optional<Secret> known = connection.token(credential);
    if (known.isPresent()) {
      try {
        Authenticated again = token(known.get(), connection);
        return new Authenticated(again.identity(), again.sessionKey(), known);
      } catch (PolderException e) {
        if (e.code() != ErrorCode.AUTHENTICATION_FAILED && e.code() != ErrorCode.INVALID_PASSWORD) {
          throw e;
        }
        connection.forget(credential);
      }
    }
    String text = decode(encoded);
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new PolderException(
          ErrorCode.AUTHENTICATION_FAILED, "Basic credentials must be user:password");
    }
    Identity identity =
        login.password(text.substring(0, colon), Secret.of(text.substring(colon + 1)), address);
    Secret token = login.issue(identity, tokenLifetime);
    String digest = digest(token.reveal());
    issued.add(digest);
    connection.remember(credential, token);
    return new Authenticated(identity, digest, Optional.of(token));
  }

  private static String decode(String encoded) {
    try {
      return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new PolderException(
          ErrorCode.AUTHENTICATION_FAILED, "Basic credentials must be Base64", e);
    }
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
