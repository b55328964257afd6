package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polder.server.client.PolderClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The API of sources as its clients know it: paths, bodies and refusals to the letter. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SourceApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String API_KEY = "an api key of enough length";
  private static final String SETUP =
      "INSTALL postgres; LOAD postgres; CREATE OR REPLACE SECRET fedpg_sec (TYPE POSTGRES, HOST"
          + " 'pg.prod', PORT 5432, DATABASE 'warehouse', USER 'svc_qod', PASSWORD"
          + " '{{secret.PG_PWD}}'); ATTACH '' AS {{alias}} (TYPE POSTGRES, SECRET fedpg_sec,"
          + " READ_ONLY);";

  @TempDir static Path data;
  private final HttpClient http = HttpClient.newHttpClient();
  private RunningServer server;
  private PolderClient admin;

  @BeforeAll
  void start() throws Exception {
    server = LocalServers.start(data, Map.of("POLDER_API_KEY", API_KEY));
    admin = LocalServers.admin(server);
    for (String tenant : new String[] {"acme", "globex"}) {
      admin.execute("CREATE TENANT " + tenant);
      admin.execute("CREATE USER " + tenant + "_boss PASSWORD 'correct horse' TENANT " + tenant);
      admin.execute("GRANT ROLE tenant_admin TO USER " + tenant + "_boss");
    }
    admin.execute("CREATE USER ann PASSWORD 'correct horse' TENANT acme");
    Reply created =
        send(
            API_KEY,
            "POST",
            "/api/database/create",
            "{\"tenant\":\"acme\",\"name\":\"fed\",\"kind\":\"memory\",\"defaultDatabase\":\"fedpg\","
                + "\"defaultSchema\":\"public\"}");
    assertThat(created.status()).as(created.text()).isEqualTo(200);
    assertThat(created.json().path("name").asText()).isEqualTo("acme_fed");
  }

  @AfterAll
  void stop() throws IOException {
    admin.close();
    server.close();
    http.close();
  }

  private record Reply(int status, String text) {
    JsonNode json() throws IOException {
      return JSON.readTree(text);
    }
  }

  @Test
  void aSourceIsMadeListedChangedAndDeleted() throws Exception {
    String body = JSON.createObjectNode().put("alias", "fedpg").put("setupSql", SETUP).toString();
    Reply made = send(API_KEY, "POST", sources(""), body);
    assertThat(made.status()).as(made.text()).isEqualTo(200);
    assertThat(made.json().path("id").asText()).matches("fs-[0-9a-f]{32}");
    assertThat(made.json().path("setupSql").asText()).isEqualTo(SETUP);
    assertThat(made.json().path("disabled").asBoolean()).isFalse();
    assertThat(send(API_KEY, "POST", sources(""), made.text()).json().path("id"))
        .isEqualTo(made.json().path("id"));
    assertThat(send(API_KEY, "GET", sources(""), null).json().findValuesAsText("alias"))
        .contains("fedpg");
    Reply changed =
        send(API_KEY, "PATCH", sources("/fedpg"), "{\"disabled\":true,\"description\":\"x\"}");
    assertThat(changed.json().path("disabled").asBoolean()).isTrue();
    assertThat(changed.json().path("setupSql").asText()).isEqualTo(SETUP);

    Reply secret =
        send(
            API_KEY,
            "PUT",
            sources("/fedpg/secrets"),
            "{\"name\":\"PG_PWD\",\"value\":\"hunter2\"}");
    assertThat(secret.json().path("id").asText()).matches("fsec-[0-9a-f]{32}");
    assertThat(secret.json().path("federatedSourceId")).isEqualTo(made.json().path("id"));
    assertThat(secret.json().path("value").asText()).isEqualTo("***REDACTED***");
    assertThat(secret.json().path("externalRef").isNull()).isTrue();
    Reply reference =
        send(
            API_KEY,
            "PUT",
            sources("/fedpg/secrets"),
            "{\"name\":\"REF\",\"externalRef\":\"env:POLDER_SECRET_X\"}");
    assertThat(reference.json().path("value").isNull()).as(reference.text()).isTrue();
    assertThat(reference.json().path("externalRef").asText()).isEqualTo("env:POLDER_SECRET_X");
    Reply secrets = send(API_KEY, "GET", sources("/fedpg/secrets"), null);
    assertThat(secrets.json().path("secrets").size()).isEqualTo(2);
    assertThat(secrets.text()).doesNotContain("hunter2");
    assertThat(send(API_KEY, "DELETE", sources("/fedpg/secrets/PG_PWD"), null))
        .isEqualTo(new Reply(200, ""));
    refused(
        404,
        "not_found",
        "secret 'PG_PWD' not found",
        send(API_KEY, "DELETE", sources("/fedpg/secrets/PG_PWD"), null));
    assertThat(send(API_KEY, "DELETE", sources("/fedpg"), null)).isEqualTo(new Reply(200, ""));
    refused(
        404,
        "not_found",
        "source 'fedpg' not found",
        send(API_KEY, "GET", sources("/fedpg"), null));
  }

  @Test
  void refusalsAreToldInTheirWords() throws Exception {
    String boss = token("acme_boss");
    String sql =
        JSON.createObjectNode()
            .put("alias", "x")
            .put("setupSql", "ATTACH 'f' AS {{alias}}")
            .toString();
    assertThat(send("wrong", "GET", sources(""), null)).isEqualTo(new Reply(401, ""));
    assertThat(error(send(boss, "POST", sources(""), sql))).isEqualTo("403 superuser_required");
    assertThat(error(send(token("globex_boss"), "GET", sources(""), null)))
        .isEqualTo("403 tenant_forbidden");
    assertThat(error(send(token("ann"), "GET", sources(""), null))).isEqualTo("403 admin_required");
    refused(
        404,
        "not_found",
        "tenant-db 'fed' not found in tenant 'acme'",
        send(API_KEY, "GET", "/api/tenants/acme/tenant-dbs/fed/federated-sources", null));
    assertThat(error(send(API_KEY, "POST", sources(""), "{\"alias\":\"a b\",\"setupSql\":\"x\"}")))
        .isEqualTo("400 invalid");
    assertThat(error(send(API_KEY, "POST", sources(""), "{\"alias\":\"a\"}")))
        .isEqualTo("400 invalid");
    send(API_KEY, "POST", sources(""), sql.replace("\"x\"", "\"y\""));
    refused(
        400,
        "invalid",
        "exactly one of value/externalRef must be set",
        send(
            API_KEY,
            "PUT",
            sources("/y/secrets"),
            "{\"name\":\"A\",\"value\":\"v\",\"externalRef\":\"env:A\"}"));
    refused(
        400,
        "invalid",
        "one of value or externalRef must be provided",
        send(API_KEY, "PUT", sources("/y/secrets"), "{\"name\":\"A\"}"));
    refused(
        400,
        "invalid",
        "secret 'A': unknown externalRef prefix 'p:' (expected env:, aws-sm:, gcp-sm:, azure-kv:,"
            + " or vault:)",
        send(API_KEY, "PUT", sources("/y/secrets"), "{\"name\":\"A\",\"externalRef\":\"p:x\"}"));
    assertThat(
            error(
                send(
                    boss,
                    "PUT",
                    sources("/y/secrets"),
                    "{\"name\":\"A\",\"externalRef\":\"env:POLDER_SECRET_X\"}")))
        .isEqualTo("403 superuser_required");
  }

  private static String sources(String rest) {
    return "/api/tenants/acme/tenant-dbs/acme_fed/federated-sources" + rest;
  }

  private static void refused(int status, String error, String message, Reply reply)
      throws IOException {
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.json())
        .isEqualTo(JSON.createObjectNode().put("error", error).put("message", message));
  }

  private static String error(Reply reply) throws IOException {
    return reply.status() + " " + reply.json().path("error").asText();
  }

  private String token(String user) {
    return TwoServers.text(
        admin.execute("CREATE TOKEN t" + System.nanoTime() + " FOR USER " + user), "token");
  }

  private Reply send(String key, String method, String path, String body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.endpoints().http() + path))
            .header("X-API-Key", key)
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    HttpResponse<String> reply = http.send(request.build(), BodyHandlers.ofString());
    return new Reply(reply.statusCode(), reply.body());
  }
}
