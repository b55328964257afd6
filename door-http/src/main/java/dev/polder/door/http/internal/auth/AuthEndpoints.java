package dev.polder.door.http.internal.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.http.Access;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import dev.polder.http.HttpAuthenticator;
import dev.polder.http.HttpAuthenticator.Login;
import dev.polder.http.Json;
import dev.polder.http.Route;
import dev.polder.model.Secret;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Login, logout and who one is. Stateless. */
public record AuthEndpoints(HttpAuthenticator authenticator, Duration tokenLifetime) {
  public List<Route> routes() {
    return List.of(
        Route.post("/api/auth/login", this::login).with(Access.PUBLIC),
        Route.post("/api/auth/logout", this::logout),
        Route.get("/api/auth/whoami", this::whoami));
  }

  private void login(Exchange exchange) throws IOException {
    Fields fields = exchange.smallFields();
    String user = fields.string("user", "username");
    Secret password = Secret.of(fields.string("password"));
    fields.requireNoOthers();
    Identity identity = authenticator.password(user, password, exchange.clientAddress());
    Login login = authenticator.login(identity, tokenLifetime);
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("token", login.token().reveal());
    body.put("expiresAt", login.expiresAt().toString());
    exchange.reply(200, body);
  }

  private void logout(Exchange exchange) throws IOException {
    Identity identity = exchange.identity();
    authenticator.logout(identity);
    exchange.reply(
        200, Json.MAPPER.createObjectNode().put("loggedOut", identity.token().isPresent()));
  }

  private void whoami(Exchange exchange) throws IOException {
    Identity identity = exchange.identity();
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("user", identity.name().value());
    body.put("tenant", identity.tenant().map(TenantId::value).orElse(null));
    body.put("superuser", identity.superuser());
    exchange.reply(200, body);
  }
}
