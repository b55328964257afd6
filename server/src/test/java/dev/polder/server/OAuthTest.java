package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.model.Secret;
import dev.polder.policy.IssuedCredential;
import dev.polder.server.client.Credentials;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.rest.RESTCatalog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logging in as OAuth clients do, and what others try there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OAuthTest {
  private static final String PASSWORD = "correct horse battery";
  private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  private static final TableIdentifier OPEN = TableIdentifier.of(Namespace.of("main"), "open");
  private static final TableIdentifier OWN = TableIdentifier.of(Namespace.of("main"), "own");

  @TempDir static Path directory;
  private OAuthServer oauth;
  private IssuedCredential credential;

  @BeforeAll
  void start() throws IOException {
    oauth = new OAuthServer(directory, Map.of());
    PolderClient admin = oauth.admin;
    admin.execute("CREATE TENANT acme");
    admin.execute("CREATE DATABASE shop FOR TENANT acme");
    for (String user : new String[] {"ana", "eve", "tim"}) {
      admin.execute("CREATE USER " + user + " PASSWORD '" + PASSWORD + "' TENANT acme");
    }
    try (PolderClient shop =
        new PolderClient(
            new Target(oauth.server.endpoints().http(), "shop", "acme"),
            new Credentials.UserPassword("admin", Secret.of(LocalServers.ADMIN_PASSWORD)))) {
      shop.login();
      shop.openSession();
      shop.execute("CREATE TABLE open (id BIGINT)");
      shop.execute("CREATE TABLE own (id BIGINT)");
      shop.execute("INSERT INTO open VALUES (1)");
      shop.execute("INSERT INTO own VALUES (2)");
      shop.execute("CREATE ROLE reader");
      shop.execute("CREATE ROLE other");
      shop.execute("GRANT SELECT ON TABLE open TO ROLE reader");
      shop.execute("GRANT ROLE reader TO USER ana");
      shop.execute("GRANT SELECT ON TABLE own TO USER ana");
    }
    credential = oauth.credential("ana", false);
  }

  @AfterAll
  void stop() throws IOException {
    oauth.close();
  }

  @Test
  void icebergs_client_logs_in_with_a_credential_at_both_bases() throws Exception {
    for (String base : new String[] {"/api/catalog", ""}) {
      try (RESTCatalog catalog = catalog(base, Map.of("scope", "PRINCIPAL_ROLE:ALL"))) {
        assertThat(catalog.loadTable(OPEN)).isNotNull();
        assertThat(catalog.loadTable(OWN)).isNotNull();
      }
      try (RESTCatalog catalog = catalog(base, Map.of("scope", "PRINCIPAL_ROLE:reader"))) {
        assertThat(catalog.loadTable(OPEN)).isNotNull();
        assertThatThrownBy(() -> catalog.loadTable(OWN)).isInstanceOf(NoSuchTableException.class);
      }
    }
    assertThatThrownBy(
            () -> catalog("/api/catalog", Map.of("credential", "ana:wrong password")).close())
        .isInstanceOf(NotAuthorizedException.class);
  }

  @Test
  void icebergs_client_goes_on_by_exchanging_its_token() throws Exception {
    try (OAuthServer brief =
        new OAuthServer(
            directory.resolve("brief"), Map.of("POLDER_ICEBERG_TOKEN_LIFETIME", "1m"))) {
      brief.admin.execute("CREATE DATABASE shop");
      brief.admin.execute("CREATE TOKEN engines");
      IssuedCredential made = brief.credential("admin", false);
      try (RESTCatalog catalog =
          IcebergCatalogs.login(
              brief.server,
              "/api/catalog",
              "shop",
              Map.of("credential", made.clientId() + ":" + made.clientSecret().reveal()))) {
        String sql = "SELECT count(*) FROM token WHERE parent IS NOT NULL";
        Awaitility.await()
            .atMost(Duration.ofSeconds(90))
            .untilAsserted(() -> assertThat(brief.count(sql)).isPositive());
        assertThat(catalog.listNamespaces()).isNotEmpty();
      }
    }
  }

  @Test
  void a_token_tells_what_it_is_and_is_not_cached() throws Exception {
    OAuthServer.Answer answer = login(Map.of("scope", "PRINCIPAL_ROLE:reader"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("token_type").asText()).isEqualTo("bearer");
    assertThat(answer.json().path("issued_token_type").asText()).isEqualTo(ACCESS_TOKEN);
    assertThat(answer.json().path("expires_in").asLong()).isBetween(3590L, 3600L);
    assertThat(answer.scope()).isEqualTo("PRINCIPAL_ROLE:reader");
    assertThat(answer.response().headers().firstValue("Cache-Control")).contains("no-store");
    for (Map<String, String> scope :
        List.<Map<String, String>>of(
            Map.of(), Map.of("scope", "catalog"), Map.of("scope", "PRINCIPAL_ROLE:ALL"))) {
      assertThat(login(scope).scope()).isEqualTo("PRINCIPAL_ROLE:ALL");
    }
  }

  @Test
  void a_user_logs_in_with_its_password_or_a_personal_token() throws Exception {
    assertThat(userLogin("ana", PASSWORD).status()).isEqualTo(200);
    try (PolderClient ana = LocalServers.session(oauth.server, "ana", PASSWORD, "shop")) {
      String personal = TwoServers.text(ana.execute("CREATE TOKEN mine"), "token");
      assertThat(userLogin("ana", personal).status()).isEqualTo(200);
      assertThat(userLogin("eve", personal).error()).isEqualTo("invalid_client");
    }
  }

  @Test
  void the_secret_may_be_in_the_header_or_in_the_body_and_not_in_both() throws Exception {
    String basic = OAuthServer.basic(credential.clientId(), credential.clientSecret().reveal());
    String grant = "grant_type=client_credentials";
    String path = "/v1/oauth/tokens";
    assertThat(oauth.post(path, Optional.of(basic), grant).status()).isEqualTo(200);
    OAuthServer.Answer both =
        oauth.post(
            path,
            Optional.of(basic),
            grant + "&" + OAuthServer.encoded(clientFields(new HashMap<>())));
    assertThat(both.status()).isEqualTo(400);
    assertThat(both.error()).isEqualTo("invalid_request");
    assertThat(oauth.post(path, Optional.of(basic), grant + "&client_id=other").error())
        .isEqualTo("invalid_request");
    OAuthServer.Answer wrong =
        oauth.post(path, Optional.of(OAuthServer.basic("nobody", "wrong")), grant);
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.error()).isEqualTo("invalid_client");
    assertThat(wrong.response().headers().firstValue("WWW-Authenticate").orElseThrow())
        .startsWith("Basic");
    // What a form's encoding leaves of a password must arrive as it was.
    String odd = "p% w+rd:ü and more";
    oauth.admin.execute("CREATE USER odd PASSWORD '" + odd + "' TENANT acme");
    assertThat(oauth.post(path, Optional.of(OAuthServer.basic("odd", odd)), grant).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "grant_type=",
        "grant_type=client_credentials&grant_type=client_credentials",
        "grant_type=client_credentials&client_secret=x",
        "grant_type=client_credentials&scope=%zz",
        "grant_type=client_credentials&scope=%ff",
        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange",
        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=x",
        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=x"
            + "&subject_token_type=urn:ietf:params:oauth:token-type:saml2",
        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=x"
            + "&subject_token_type=urn:ietf:params:oauth:token-type:access_token&actor_token=y",
        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=x"
            + "&subject_token_type=urn:ietf:params:oauth:token-type:access_token"
            + "&requested_token_type=urn:ietf:params:oauth:token-type:refresh_token",
      })
  void a_broken_request_is_told_so(String body) throws Exception {
    OAuthServer.Answer answer = oauth.post("/v1/oauth/tokens", Optional.empty(), body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo("invalid_request");
    assertThat(answer.json().path("error_description").asText()).isNotEmpty();
  }

  @Test
  void other_refusals_have_the_words_of_the_specification() throws Exception {
    assertThat(oauth.token(Map.of("grant_type", "password")).error())
        .isEqualTo("unsupported_grant_type");
    OAuthServer.Answer nobody = oauth.token(Map.of("grant_type", "client_credentials"));
    assertThat(nobody.status()).isEqualTo(401);
    assertThat(nobody.error()).isEqualTo("invalid_client");
    OAuthServer.Answer scope = login(Map.of("scope", "PRINCIPAL_ROLE:other"));
    assertThat(scope.status()).isEqualTo(400);
    assertThat(scope.error()).isEqualTo("invalid_scope");
    OAuthServer.Answer foreign = exchange("eyJhbGciOiJub25lIn0.e30.", Map.of());
    assertThat(foreign.status()).isEqualTo(400);
    assertThat(foreign.error()).isEqualTo("invalid_grant");
    OAuthServer.Answer huge = oauth.token(Map.of("grant_type", "x".repeat(100_000)));
    assertThat(huge.status()).isEqualTo(413);
    assertThat(huge.error()).isEqualTo("invalid_request");
  }

  @Test
  void too_many_guesses_wait() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(userLogin("tim", "wrong " + i).status()).isEqualTo(401);
    }
    OAuthServer.Answer waits = userLogin("tim", PASSWORD);
    assertThat(waits.status()).isEqualTo(429);
    assertThat(waits.response().headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void a_narrow_token_is_narrow_at_every_door() throws Exception {
    String narrow = login(Map.of("scope", "PRINCIPAL_ROLE:reader")).token();
    String whole = login(Map.of()).token();
    assertThat(sql(narrow, "SELECT id FROM open")).isEqualTo(1);
    assertThatThrownBy(() -> sql(narrow, "SELECT id FROM own"))
        .hasMessageContaining("missing SELECT");
    assertThat(sql(whole, "SELECT id FROM own")).isEqualTo(2);
    assertThat(flight(narrow, "SELECT id FROM open")).isEqualTo(1);
    assertThatThrownBy(() -> flight(narrow, "SELECT id FROM own"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("missing SELECT");
    assertThat(flight(whole, "SELECT id FROM own")).isEqualTo(2);
    for (String statement :
        new String[] {
          "CREATE TOKEN more",
          "ALTER USER ana SET PASSWORD 'the thief''s own'",
          "GRANT SELECT ON TABLE own TO ROLE reader"
        }) {
      assertThatThrownBy(() -> run(narrow, statement)).as(statement).isNotNull();
    }
  }

  @Test
  void an_administrators_token_for_a_role_is_no_administrators() throws Exception {
    oauth.admin.execute("CREATE ROLE watcher");
    oauth.admin.execute("GRANT ROLE watcher TO USER admin");
    String token =
        oauth
            .token(
                Map.of(
                    "grant_type", "client_credentials",
                    "client_id", "admin",
                    "client_secret", LocalServers.ADMIN_PASSWORD,
                    "scope", "PRINCIPAL_ROLE:watcher"))
            .token();
    assertThat(token).isNotEmpty();
    for (String statement :
        new String[] {
          "CREATE USER x PASSWORD 'long enough one'", "SHOW JOBS", "DROP TENANT acme"
        }) {
      assertThatThrownBy(() -> run(token, statement)).as(statement).isNotNull();
    }
    assertThat(oauth.get("/v1/config?warehouse=acme@shop", token).status()).isEqualTo(403);
  }

  @Test
  void an_exchange_narrows_and_never_widens() throws Exception {
    String whole = login(Map.of()).token();
    OAuthServer.Answer narrow = exchange(whole, Map.of("scope", "PRINCIPAL_ROLE:reader"));
    assertThat(narrow.scope()).isEqualTo("PRINCIPAL_ROLE:reader");
    assertThat(exchange(narrow.token(), Map.of()).scope()).isEqualTo("PRINCIPAL_ROLE:reader");
    assertThat(exchange(narrow.token(), Map.of("scope", "PRINCIPAL_ROLE:ALL")).scope())
        .isEqualTo("PRINCIPAL_ROLE:reader");
    assertThat(exchange(narrow.token(), Map.of("scope", "PRINCIPAL_ROLE:other")).error())
        .isEqualTo("invalid_scope");
  }

  @Test
  void revoked_tokens_and_what_came_of_them_end_at_once() throws Exception {
    String first = login(Map.of()).token();
    String second = exchange(first, Map.of()).token();
    String config = "/v1/config?warehouse=shop";
    assertThat(oauth.get(config, second).status()).isEqualTo(200);
    for (String token : new String[] {first, "unknown"}) {
      OAuthServer.Answer revoked =
          oauth.post(
              "/api/catalog/v1/oauth/revoke",
              Optional.empty(),
              OAuthServer.encoded(Map.of("token", token)));
      assertThat(revoked.status()).isEqualTo(200);
    }
    assertThat(oauth.get(config, first).status()).isEqualTo(401);
    assertThat(oauth.get(config, second).status()).isEqualTo(401);
    assertThat(exchange(second, Map.of()).error()).isEqualTo("invalid_grant");
  }

  @Test
  void a_new_secret_or_a_disabled_user_ends_tokens_at_once() throws Exception {
    IssuedCredential eves = oauth.credential("eve", false);
    oauth.admin.execute("GRANT DATABASE_READER ON DATABASE shop TO USER eve");
    String config = "/v1/config?warehouse=shop";
    String token = client(eves, Map.of()).token();
    assertThat(oauth.get(config, token).status()).isEqualTo(200);
    IssuedCredential rotated = oauth.rotate("eve");
    assertThat(oauth.get(config, token).status()).isEqualTo(401);
    assertThat(client(eves, Map.of()).error()).isEqualTo("invalid_client");
    String next = client(rotated, Map.of()).token();
    oauth.admin.execute("ALTER USER eve DISABLE");
    assertThat(oauth.get(config, next).status()).isEqualTo(401);
    assertThat(client(rotated, Map.of()).error()).isEqualTo("invalid_client");
    oauth.admin.execute("DROP USER eve");
    assertThat(exchange(next, Map.of()).error()).isEqualTo("invalid_grant");
  }

  @Test
  void a_credential_that_must_be_rotated_opens_nothing() throws Exception {
    oauth.admin.execute("CREATE USER fresh PASSWORD '" + PASSWORD + "' TENANT acme");
    oauth.admin.execute("GRANT DATABASE_READER ON DATABASE shop TO USER fresh");
    OAuthServer.Answer answer = client(oauth.credential("fresh", true), Map.of());
    assertThat(answer.scope()).isEqualTo("CREDENTIAL_ROTATION");
    OAuthServer.Answer refused = oauth.get("/v1/config?warehouse=shop", answer.token());
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.response().body()).contains("rotated first");
    assertThatThrownBy(() -> run(answer.token(), "SELECT 1")).hasMessageContaining("rotated first");
    OAuthServer.Answer rotated =
        oauth.postJson("/api/management/v1/principals/fresh/rotate", answer.token());
    assertThat(rotated.status()).as(rotated.response().body()).isEqualTo(200);
    assertThat(oauth.get("/v1/config?warehouse=shop", answer.token()).status()).isEqualTo(401);
    OAuthServer.Answer next =
        oauth.token(
            Map.of(
                "grant_type", "client_credentials",
                "client_id", rotated.json().at("/credentials/clientId").asText(),
                "client_secret", rotated.json().at("/credentials/clientSecret").asText()));
    assertThat(next.scope()).isEqualTo("PRINCIPAL_ROLE:ALL");
    assertThat(oauth.get("/v1/config?warehouse=shop", next.token()).status()).isEqualTo(200);
  }

  private RESTCatalog catalog(String base, Map<String, String> more) {
    Map<String, String> properties = new HashMap<>();
    properties.put("credential", credential.clientId() + ":" + credential.clientSecret().reveal());
    properties.put(
        "oauth2-server-uri", oauth.server.endpoints().http() + base + "/v1/oauth/tokens");
    properties.putAll(more);
    return IcebergCatalogs.login(oauth.server, base, "shop", properties);
  }

  private Map<String, String> clientFields(Map<String, String> form) {
    form.put("client_id", credential.clientId());
    form.put("client_secret", credential.clientSecret().reveal());
    return form;
  }

  private OAuthServer.Answer login(Map<String, String> more) throws Exception {
    return client(credential, more);
  }

  private OAuthServer.Answer client(IssuedCredential shown, Map<String, String> more)
      throws Exception {
    Map<String, String> form = new HashMap<>(more);
    form.put("grant_type", "client_credentials");
    form.put("client_id", shown.clientId());
    form.put("client_secret", shown.clientSecret().reveal());
    return oauth.token(form);
  }

  private OAuthServer.Answer userLogin(String user, String secret) throws Exception {
    return oauth.token(
        Map.of("grant_type", "client_credentials", "client_id", user, "client_secret", secret));
  }

  private OAuthServer.Answer exchange(String subject, Map<String, String> more) throws Exception {
    Map<String, String> form = new HashMap<>(more);
    form.put("grant_type", EXCHANGE);
    form.put("subject_token", subject);
    form.put("subject_token_type", ACCESS_TOKEN);
    return oauth.token(form);
  }

  private long sql(String token, String sql) {
    try (PolderClient client = withToken(token)) {
      return Long.parseLong(LocalServers.value(client, sql));
    }
  }

  private void run(String token, String sql) {
    try (PolderClient client = withToken(token)) {
      client.execute(sql);
    }
  }

  private PolderClient withToken(String token) {
    PolderClient client =
        new PolderClient(
            new Target(oauth.server.endpoints().http(), "shop", null),
            new Credentials.Token(Secret.of(token)));
    client.openSession();
    return client;
  }

  private long flight(String token, String sql) throws SQLException {
    Properties properties = new Properties();
    properties.put("token", token);
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:arrow-flight-sql://127.0.0.1:"
                    + oauth.server.endpoints().flight().getPort()
                    + "/?useEncryption=false&database=shop",
                properties);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
