package dev.polder.door.iceberg.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polder.door.iceberg.TokenService.Client;
import dev.polder.http.Exchange;
import dev.polder.http.Forms;
import dev.polder.model.Secret;
import java.io.IOException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The form that an OAuth client sends, and the secret that it may show in a header instead.
 * Immutable.
 */
record OAuthRequest(Map<String, String> form, Optional<Client> client) {
  private static final String BASIC = "basic ";

  static OAuthRequest read(Exchange exchange) throws IOException {
    Map<String, String> form = exchange.smallForm();
    Optional<Client> inHeader = basic(exchange);
    Optional<String> id = Optional.ofNullable(form.get("client_id"));
    Optional<String> secret = Optional.ofNullable(form.get("client_secret"));
    if (inHeader.isPresent()) {
      if (secret.isPresent()) {
        throw OAuthFailure.invalidRequest(
            "the client shows its secret in the Authorization header or in the body, not in both");
      }
      if (id.isPresent() && !id.get().equals(inHeader.get().id())) {
        throw OAuthFailure.invalidRequest("client_id is another one than in the header");
      }
      return new OAuthRequest(form, inHeader);
    }
    if (secret.isEmpty()) {
      return new OAuthRequest(form, Optional.empty());
    }
    return new OAuthRequest(
        form,
        Optional.of(
            new Client(
                id.orElseThrow(
                    () -> OAuthFailure.invalidRequest("client_secret is given without client_id")),
                Secret.of(secret.get()))));
  }

  static boolean isBasic(Exchange exchange) {
    return exchange.header("Authorization").filter(OAuthRequest::isBasic).isPresent();
  }

  Optional<String> field(String name) {
    return Optional.ofNullable(form.get(name)).filter(value -> !value.isEmpty());
  }

  String required(String name) {
    return field(name).orElseThrow(() -> OAuthFailure.invalidRequest("'" + name + "' is missing"));
  }

  private static boolean isBasic(String header) {
    return header.toLowerCase(Locale.ROOT).startsWith(BASIC);
  }

  /**
   * RFC 6749, section 2.3.1: both parts are encoded as in a form before they go into the header.
   */
  private static Optional<Client> basic(Exchange exchange) {
    Optional<String> header = exchange.header("Authorization").filter(OAuthRequest::isBasic);
    if (header.isEmpty()) {
      return Optional.empty();
    }
    String pair;
    try {
      byte[] decoded = Base64.getDecoder().decode(header.get().substring(BASIC.length()).strip());
      pair = new String(decoded, UTF_8);
    } catch (IllegalArgumentException e) {
      throw OAuthFailure.invalidClient("the Basic credentials are not Base64");
    }
    int colon = pair.indexOf(':');
    if (colon < 0) {
      throw OAuthFailure.invalidClient("the Basic credentials lack a ':' after the client's id");
    }
    return Optional.of(
        new Client(
            Forms.decoded(pair.substring(0, colon)),
            Secret.of(Forms.decoded(pair.substring(colon + 1)))));
  }
}
