package dev.polder.door.iceberg.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.door.iceberg.TokenService;
import dev.polder.http.Access;
import dev.polder.http.Endpoint;
import dev.polder.http.Exchange;
import dev.polder.http.Json;
import dev.polder.http.Route;
import dev.polder.model.Secret;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Gives and takes back access tokens: RFC 6749's client credentials, RFC 8693's token exchange, and
 * RFC 7009's revocation. Immutable.
 */
public record TokenEndpoints(TokenService tokens) {
  private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

  /** The routes below a path. */
  public List<Route> routes(String base) {
    return List.of(route(base + "/tokens", this::issue), route(base + "/revoke", this::revoke));
  }

  private static Route route(String path, Endpoint endpoint) {
    return Route.post(path, exchange -> answered(exchange, endpoint)).with(Access.PUBLIC);
  }

  private static void answered(Exchange exchange, Endpoint endpoint) throws IOException {
    try {
      endpoint.handle(exchange);
    } catch (RuntimeException e) {
      OAuthFailure.answer(exchange, e, OAuthRequest.isBasic(exchange));
    }
  }

  private void issue(Exchange exchange) throws IOException {
    OAuthRequest request = OAuthRequest.read(exchange);
    String grant = request.required("grant_type");
    TokenService.Token token =
        switch (grant) {
          case "client_credentials" -> forClient(request, exchange.clientAddress());
          case EXCHANGE -> forToken(request, exchange.clientAddress());
          default ->
              throw OAuthFailure.unsupported(
                  "unsupported_grant_type",
                  "the grant types are client_credentials and " + EXCHANGE);
        };
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("access_token", token.text().reveal());
    body.put("token_type", "bearer");
    body.put("issued_token_type", ACCESS_TOKEN);
    body.put("expires_in", token.lifetime().toSeconds());
    body.put("scope", token.scope());
    exchange.response().setHeader("Pragma", "no-cache");
    exchange.reply(200, body);
  }

  private TokenService.Token forClient(OAuthRequest request, String address) {
    TokenService.Client client =
        request
            .client()
            .orElseThrow(() ->
                OAuthFailure.invalidClient(
                    "show client_id and client_secret, in the body or in a Basic header"));
    return tokens.forClient(client, request.field("scope"), address);
  }

  private TokenService.Token forToken(OAuthRequest request, String address) {
    String subject = request.required("subject_token");
    String type = request.required("subject_token_type");
    if (!type.equals(ACCESS_TOKEN) && !type.equals(JWT)) {
      throw OAuthFailure.invalidRequest("the subject_token_type must be " + ACCESS_TOKEN);
    }
    if (request.field("actor_token").or(() -> request.field("actor_token_type")).isPresent()) {
      throw OAuthFailure.invalidRequest(
          "nobody acts for somebody else here: leave actor_token and actor_token_type out");
    }
    Optional<String> issued = request.field("requested_token_type");
    if (issued.isPresent() && !issued.get().equals(ACCESS_TOKEN)) {
      throw OAuthFailure.invalidRequest("the requested_token_type can only be " + ACCESS_TOKEN);
    }
    return tokens.forToken(Secret.of(subject), request.client(), request.field("scope"), address);
  }

  private void revoke(Exchange exchange) throws IOException {
    OAuthRequest request = OAuthRequest.read(exchange);
    tokens.revoke(Secret.of(request.required("token")), request.client(), exchange.clientAddress());
    exchange.reply(200, "application/json", new byte[0]);
  }
}
