package dev.polder.http.internal;

import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import dev.polder.http.HttpAuthenticator;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import dev.polder.policy.Identity;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Reads credentials from a request's headers. Immutable. */
public record Authentication(HttpAuthenticator authenticator) {
  private static final String API_KEY = "X-API-Key";

  /** Who asks, or empty when the request carries no credentials. */
  public Optional<Identity> of(Exchange exchange) {
    return of(exchange, authenticator::token);
  }

  /** The same for an endpoint that looks at the login again. */
  public Optional<Identity> recent(Exchange exchange) {
    return of(exchange, authenticator::recentToken);
  }

  private Optional<Identity> of(Exchange exchange, Function<Secret, Identity> tokens) {
    Optional<String> authorization = exchange.header("Authorization");
    Optional<String> key = exchange.header(API_KEY);
    if (authorization.isPresent() && key.isPresent()) {
      throw Fields.bad("give Authorization or " + API_KEY + ", not both");
    }
    return authorization
        .map(value -> fromAuthorization(value, exchange.clientAddress(), tokens))
        .or(() -> key.map(value -> tokens.apply(Secret.of(value.strip()))));
  }

  private Identity fromAuthorization(
      String value, String clientAddress, Function<Secret, Identity> tokens) {
    int space = value.indexOf(' ');
    String scheme = (space < 0 ? value : value.substring(0, space)).toLowerCase(Locale.ROOT);
    String rest = space < 0 ? "" : value.substring(space + 1).strip();
    return switch (scheme) {
      case "bearer" -> tokens.apply(Secret.of(rest));
      case "basic" -> fromBasic(rest, clientAddress);
      default ->
          throw new PolderException(
              ErrorCode.AUTHENTICATION_FAILED,
              "the Authorization header must use the Bearer or Basic scheme");
    };
  }

  private Identity fromBasic(String encoded, String clientAddress) {
    String pair;
    try {
      byte[] decoded = Base64.getDecoder().decode(encoded);
      pair = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(decoded)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new PolderException(
          ErrorCode.AUTHENTICATION_FAILED,
          "the Basic credentials are not base64 of UTF-8 'user:password'",
          e);
    }
    int colon = pair.indexOf(':');
    if (colon < 0) {
      throw new PolderException(
          ErrorCode.AUTHENTICATION_FAILED, "the Basic credentials lack a ':' after the user");
    }
    return authenticator.password(
        pair.substring(0, colon), Secret.of(pair.substring(colon + 1)), clientAddress);
  }
}
