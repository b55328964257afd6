package dev.polder.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.PostgresMetastore;
import dev.polder.metastore.access.Principal;
import dev.polder.model.IdSource;
import dev.polder.model.PrincipalName;
import dev.polder.model.Secret;
import dev.polder.policy.Identity;
import dev.polder.policy.IssuedCredential;
import dev.polder.policy.admin.CredentialAdministration;
import dev.polder.server.client.PolderClient;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * A server whose metastore is shared, so that credentials can be made beside it; and its client.
 */
final class OAuthServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final EmbeddedPostgres postgres;
  private final Metastore metastore;
  final RunningServer server;
  final PolderClient admin;
  private final HttpClient http = HttpClient.newHttpClient();

  OAuthServer(Path directory, Map<String, String> more) throws IOException {
    postgres = EmbeddedPostgres.start();
    String url = postgres.getJdbcUrl("postgres", "postgres");
    Map<String, String> settings = new java.util.HashMap<>(more);
    settings.put("POLDER_METASTORE_URL", url);
    settings.put("POLDER_METASTORE_USER", "postgres");
    settings.put("POLDER_METASTORE_PASSWORD", "postgres");
    server = LocalServers.start(directory.resolve("data"), settings);
    admin = LocalServers.admin(server);
    Clock clock = Clock.systemUTC();
    metastore =
        PostgresMetastore.open(
            url, "postgres", Secret.of("postgres"), clock, IdSource.timeOrdered(clock));
  }

  IssuedCredential credential(String user, boolean rotationRequired) {
    Identity root = identity("admin");
    return metastore.write(
        tx -> CredentialAdministration.create(tx, root, new PrincipalName(user), rotationRequired));
  }

  IssuedCredential rotate(String user) {
    Identity root = identity("admin");
    return metastore.write(
        tx -> CredentialAdministration.rotate(tx, root, new PrincipalName(user)));
  }

  long count(String sql) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private Identity identity(String user) {
    Principal principal = metastore.read(tx -> tx.principals().get(new PrincipalName(user)));
    return new Identity(
        principal.id(),
        principal.name(),
        principal.tenant(),
        principal.superuser(),
        Optional.empty());
  }

  /** What an endpoint answered. */
  record Answer(HttpResponse<String> response, JsonNode json) {
    int status() {
      return response.statusCode();
    }

    String error() {
      return json.path("error").asText();
    }

    String token() {
      return json.path("access_token").asText();
    }

    String scope() {
      return json.path("scope").asText();
    }
  }

  Answer token(Map<String, String> form) throws Exception {
    return post("/api/catalog/v1/oauth/tokens", Optional.empty(), encoded(form));
  }

  Answer post(String path, Optional<String> authorization, String body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.endpoints().http() + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    authorization.ifPresent(value -> request.header("Authorization", value));
    return answer(request);
  }

  /** A GET with a bearer token. */
  Answer get(String path, String token) throws Exception {
    return answer(
        HttpRequest.newBuilder(URI.create(server.endpoints().http() + path))
            .header("Authorization", "Bearer " + token));
  }

  /** A POST of nothing with a bearer token. */
  Answer postJson(String path, String token) throws Exception {
    return answer(
        HttpRequest.newBuilder(URI.create(server.endpoints().http() + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{}")));
  }

  private Answer answer(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Answer(
        response,
        response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body()));
  }

  static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(field ->
            URLEncoder.encode(field.getKey(), UTF_8)
                + "="
                + URLEncoder.encode(field.getValue(), UTF_8))
        .collect(joining("&"));
  }

  static String basic(String id, String secret) {
    return "Basic "
        + java.util.Base64.getEncoder()
            .encodeToString(
                (URLEncoder.encode(id, UTF_8) + ":" + URLEncoder.encode(secret, UTF_8))
                    .getBytes(UTF_8));
  }

  @Override
  public void close() throws IOException {
    http.close();
    admin.close();
    server.close();
    metastore.close();
    postgres.close();
  }
}
