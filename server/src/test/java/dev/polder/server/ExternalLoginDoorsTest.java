package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.polder.model.Secret;
import dev.polder.policy.TestIssuer;
import dev.polder.server.cli.Cli;
import dev.polder.server.cli.Screen;
import dev.polder.server.client.Credentials;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.Target;
import dev.polder.server.table.Style;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens of tenants' identity providers, at each door of a server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExternalLoginDoorsTest {
  private static final String PASSWORD = "correct horse battery";
  private static final String UNKNOWN = "the token is unknown, expired or revoked";
  private static final String ELSEWHERE = "bring its token";

  private final TestIssuer issuer = new TestIssuer(Clock.systemUTC());
  private LiveServer live;
  private RunningServer server;

  @BeforeAll
  void start() {
    live = new LiveServer(Map.of("POLDER_ENGINE_MEMORY_LIMIT", "256MiB"));
    server = live.running();
    live.admin("CREATE DATABASE shop");
    for (String tenant : new String[] {"acme", "globex"}) {
      live.admin("CREATE TENANT " + tenant);
      live.admin("ALTER DATABASE shop ADD TENANT " + tenant);
    }
    user("ana", "acme");
    user("gus", "globex");
    try (PolderClient shop = administrator("acme")) {
      shop.execute("CREATE TABLE orders AS SELECT 1 AS id");
      shop.execute("CREATE TABLE secret AS SELECT 1 AS id");
      shop.execute("CREATE ROLE reader");
      shop.execute("GRANT SELECT ON TABLE orders TO ROLE reader");
      shop.execute("GRANT SELECT ON TABLE orders TO USER ana");
      shop.execute("GRANT SELECT ON TABLE secret TO USER ana");
    }
    try (PolderClient shop = administrator("globex")) {
      shop.execute("CREATE TABLE orders AS SELECT 1 AS id UNION ALL SELECT 2");
      shop.execute("GRANT SELECT ON TABLE orders TO USER gus");
    }
  }

  @AfterAll
  void stop() {
    live.close();
    issuer.close();
  }

  @ParameterizedTest
  @EnumSource
  void the_mode_says_who_logs_in_where(Door door) throws Exception {
    String own = ownToken("ana");
    trust("acme", "first", "mode = 'mixed'");
    assertThat(door.count(server, told("ana"), "orders")).isEqualTo(1);
    assertThat(door.count(server, own, "orders")).isEqualTo(1);
    assertThat(withPassword(door)).isEqualTo(1);

    trust("acme", "first", "mode = 'external'");
    assertThat(door.count(server, told("ana"), "orders")).isEqualTo(1);
    assertThatThrownBy(() -> door.count(server, own, "orders"))
        .satisfiesAnyOf(
            e -> assertThat(e).hasStackTraceContaining(ELSEWHERE),
            // Where it was looked at a moment ago.
            e -> assertThat(e).hasStackTraceContaining("is no longer valid"));
    refused(ELSEWHERE, () -> withPassword(door));

    trust("acme", "first", "mode = 'internal'");
    refused(UNKNOWN, () -> door.count(server, told("ana"), "orders"));
    assertThat(door.count(server, own, "orders")).isEqualTo(1);
    assertThat(withPassword(door)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void whoever_is_in_is_out_with_the_provider(Door door) throws Exception {
    for (String end :
        new String[] {
          "DROP IDENTITY PROVIDER FOR TENANT acme",
          "CREATE OR REPLACE IDENTITY PROVIDER FOR TENANT acme WITH (issuer = '"
              + issuer.url()
              + "', audience = 'polder')",
          "ALTER USER ana DISABLE"
        }) {
      trust("acme", "first", "mode = 'mixed'");
      String token = told("ana");
      try (Door.Opened opened = door.open(server, token);
          Door.Opened exchanged = door.open(server, exchanged(token))) {
        assertThat(opened.count("orders")).isEqualTo(1);
        assertThat(exchanged.count("orders")).isEqualTo(1);
        live.admin(end);
        refused("log in again", () -> exchanged.count("orders"));
        if (end.startsWith("CREATE")) {
          // The token itself is still one of the provider's.
          assertThat(door.count(server, token, "orders")).isEqualTo(1);
        } else {
          assertThatThrownBy(() -> opened.count("orders")).as(end).isNotNull();
          assertThatThrownBy(() -> door.count(server, token, "orders")).as(end).isNotNull();
        }
      } finally {
        live.admin("ALTER USER ana ENABLE");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_tenants_provider_opens_no_other_tenant(Door door) throws Exception {
    trust("acme", "first", "mode = 'mixed'");
    trust("globex", "second", "mode = 'mixed'");
    String gus =
        TestIssuer.sign(claims("gus").issuer(issuer.url("second")).build(), key("second")).reveal();
    assertThat(door.count(server, gus, "orders")).isEqualTo(2);
    String stranger = "who is no enabled user of tenant 'acme'";
    refused(stranger, () -> door.count(server, told("gus"), "orders"));
    refused(stranger, () -> door.count(server, told("admin"), "orders"));
    // Of whose provider it says it is, it must be signed by that one.
    String forged =
        TestIssuer.sign(claims("gus").issuer(issuer.url("second")).build(), key("first")).reveal();
    refused(UNKNOWN, () -> door.count(server, forged, "orders"));
    String turned = TestIssuer.sign(claims("ana").build(), key("second")).reveal();
    refused(UNKNOWN, () -> door.count(server, turned, "orders"));
    live.admin("DROP IDENTITY PROVIDER FOR TENANT globex");
    refused(UNKNOWN, () -> door.count(server, gus, "orders"));
  }

  @ParameterizedTest
  @EnumSource
  void a_token_that_does_not_count_opens_nothing(Door door) throws Exception {
    trust("acme", "first", "mode = 'mixed'");
    issuer.rotate("now");
    Date past = Date.from(Instant.now().minusSeconds(61));
    Date soon = Date.from(Instant.now().plusSeconds(600));
    String right = told("ana");
    for (Secret bad :
        List.of(
            issuer.sign(claims("ana").audience("another service").build()),
            issuer.sign(claims("ana").audience(List.of()).build()),
            issuer.sign(claims("ana").issuer("https://elsewhere.example").build()),
            issuer.sign(claims("ana").issuer(issuer.url() + "/").build()),
            issuer.sign(claims("ana").issuer(issuer.url() + "\u0000").build()),
            issuer.sign(claims("ana").expirationTime(past).build()),
            issuer.sign(claims("ana").expirationTime(null).build()),
            issuer.sign(claims("ana").notBeforeTime(soon).build()),
            TestIssuer.unsigned(claims("ana").build()),
            issuer.signWithPublicKey(claims("ana").build()),
            TestIssuer.sign(claims("ana").build(), TestIssuer.rsa("now")),
            issuer.signAs("logout+jwt", claims("ana").build()),
            Secret.of(right.substring(0, right.lastIndexOf('.') + 1)))) {
      refused(UNKNOWN, () -> door.count(server, bad.reveal(), "orders"));
    }
    assertThat(door.count(server, right, "orders")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void keys_of_each_kind_will_do_and_a_new_one_ends_the_old(Door door) throws Exception {
    trust("acme", "first", "mode = 'mixed'");
    issuer.rotate("rsa");
    String first = told("ana");
    assertThat(door.count(server, first, "orders")).isEqualTo(1);
    issuer.use(new ECKeyGenerator(Curve.P_256).keyID("c").algorithm(JWSAlgorithm.ES256).generate());
    String second = told("ana");
    assertThat(door.count(server, second, "orders")).isEqualTo(1);
    refused(UNKNOWN, () -> door.count(server, first, "orders"));
    issuer.use(
        new OctetKeyPairGenerator(Curve.Ed25519)
            .keyID("e")
            .algorithm(JWSAlgorithm.EdDSA)
            .generate());
    // What the settings are changed for: the keys are asked for at once.
    trust("acme", "first", "mode = 'mixed'");
    assertThat(door.count(server, told("ana"), "orders")).isEqualTo(1);
    refused(UNKNOWN, () -> door.count(server, second, "orders"));
    issuer.rotate("rsa again");
  }

  @ParameterizedTest
  @EnumSource
  void claims_say_who_it_is_for_which_tenant_and_with_which_roles(Door door) throws Exception {
    trust(
        "acme",
        "first",
        "principal_claim = 'login/name', roles_claim = 'realm_access/roles',"
            + " roles_pattern = 'polder-(.+)', roles_name = '$1', tenant_claim = 'org'");
    JWTClaimsSet.Builder says =
        claims("gus")
            .claim("login", Map.of("name", "ana"))
            .claim("realm_access", Map.of("roles", List.of("polder-reader", "offline", "secret")));
    String right = issuer.sign(says.claim("org", List.of("acme", "x")).build()).reveal();
    assertThat(door.count(server, right, "orders")).isEqualTo(1);
    assertThatThrownBy(() -> door.count(server, right, "secret")).isNotNull();
    String other = issuer.sign(says.claim("org", "globex").build()).reveal();
    refused(UNKNOWN, () -> door.count(server, other, "orders"));
    String none =
        issuer
            .sign(says.claim("org", "acme").claim("realm_access", "polder-reader").build())
            .reveal();
    assertThatThrownBy(() -> door.count(server, none, "orders")).isNotNull();
    trust("acme", "first", "provision = 'true', roles_claim = 'roles'");
    String made = issuer.sign(claims("new-" + door).claim("roles", "reader").build()).reveal();
    assertThat(door.count(server, made, "orders")).isEqualTo(1);
    assertThatThrownBy(() -> door.count(server, made, "secret")).isNotNull();
  }

  @Test
  void icebergs_client_gets_its_token_from_the_provider() throws Exception {
    trust("acme", "first", "mode = 'external'");
    Map<String, String> login =
        Map.of(
            "credential", "ana:what the provider knows",
            "scope", "polder",
            "oauth2-server-uri", issuer.tokenEndpoint("first"));
    try (Door.Opened catalog =
        Door.iceberg(IcebergCatalogs.login(server, "/api/catalog", "shop", login))) {
      assertThat(catalog.count("orders")).isEqualTo(1);
    }
    Map<String, String> elsewhere =
        Map.of(
            "credential", "ana:what the provider knows",
            "scope", "another-service",
            "oauth2-server-uri", issuer.tokenEndpoint("first"));
    refused(
        UNKNOWN, () -> IcebergCatalogs.login(server, "/api/catalog", "shop", elsewhere).close());
  }

  @Test
  void providers_are_set_by_sql_by_http_and_on_the_command_line() {
    live.admin("DROP IDENTITY PROVIDER IF EXISTS FOR TENANT globex");
    String body =
        """
        {"tenant":"globex","issuer":"%s","audience":["polder","lake"],"mode":"external",\
        "provision":true,"rolesClaim":"groups","rolesPattern":"p-(.*)","rolesName":"$1"}\
        """
            .formatted(issuer.url("second"));
    assertThat(live.post("/api/tenant/identity-provider/create", body).status()).isEqualTo(200);
    assertThat(live.post("/api/tenant/identity-provider/create", body).errorCode())
        .isEqualTo("IDENTITY_PROVIDER_EXISTS");
    assertThat(live.get("/api/tenant/identity-provider/list").json().toString())
        .contains("globex", issuer.url("second"), "polder, lake", "external", "groups", "p-(.*)");
    assertThat(cli("identity-provider", "list")).contains("globex", "external");
    cli(
        "identity-provider",
        "create",
        "globex",
        issuer.url("second"),
        "--audience",
        "polder",
        "--with",
        "mode=internal",
        "--replace");
    assertThat(live.admin("SHOW IDENTITY PROVIDERS").json().toString())
        .contains("globex", "internal")
        .doesNotContain("lake");
    cli("identity-provider", "drop", "globex");
    assertThat(
            live.post("/api/tenant/identity-provider/delete", "{\"tenant\":\"globex\"}")
                .errorCode())
        .isEqualTo("IDENTITY_PROVIDER_NOT_FOUND");
    assertThat(live.admin("SHOW AUDIT LIMIT 20").json().toString())
        .contains("identity_provider_set", "identity_provider_dropped", issuer.url("second"));
    for (String wrong :
        new String[] {
          "issuer = 'http://id.example', audience = 'polder'",
          "issuer = '" + issuer.url() + "'",
          "issuer = '" + issuer.url() + "', audience = 'polder', mode = 'none'",
          "issuer = '" + issuer.url() + "', audience = 'polder', colour = 'blue'",
          "issuer = '" + issuer.url() + "', audience = 'polder', roles_pattern = 'x'",
          "issuer = '"
              + issuer.url()
              + "', audience = 'polder', roles_claim = 'r',"
              + " roles_pattern = '('"
        }) {
      assertThat(
              live.sql("CREATE IDENTITY PROVIDER FOR TENANT globex WITH (" + wrong + ")")
                  .errorCode())
          .as(wrong)
          .isEqualTo("INVALID_PARAMETER");
    }
    try (PolderClient gus = LocalServers.session(server, "gus", PASSWORD, "shop")) {
      TwoServers.refused("ACCESS_DENIED", () -> gus.execute("SHOW IDENTITY PROVIDERS"));
    }
  }

  private void user(String name, String tenant) {
    live.admin("CREATE USER " + name + " PASSWORD '" + PASSWORD + "' TENANT " + tenant);
  }

  private PolderClient administrator(String tenant) {
    PolderClient client =
        new PolderClient(
            new Target(live.http(), "shop", tenant),
            new Credentials.UserPassword(LiveServer.ADMIN, Secret.of(LiveServer.PASSWORD)));
    client.openSession();
    return client;
  }

  private void trust(String tenant, String from, String more) {
    live.admin(
        "CREATE OR REPLACE IDENTITY PROVIDER FOR TENANT "
            + tenant
            + " WITH (issuer = '"
            + issuer.url(from)
            + "', audience = 'polder', "
            + more
            + ")");
  }

  private String ownToken(String user) {
    try (PolderClient shop = administrator("acme")) {
      return TwoServers.text(
          shop.execute("CREATE TOKEN t" + System.nanoTime() + " FOR USER " + user), "token");
    }
  }

  private long withPassword(Door door) throws Exception {
    try (Door.Opened opened = door.open(server, "ana", PASSWORD)) {
      return opened.count("orders");
    }
  }

  private JWTClaimsSet.Builder claims(String name) {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(issuer.url())
        .subject("no user's name")
        .audience("polder")
        .claim("preferred_username", name)
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plusSeconds(300)));
  }

  private String told(String name) throws Exception {
    return issuer.sign(claims(name).build()).reveal();
  }

  private JWK key(String of) {
    return issuer.key(of);
  }

  private String exchanged(String token) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(live.http() + "/api/catalog/v1/oauth/tokens"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    OAuthServer.encoded(
                        Map.of(
                            "grant_type",
                            "urn:ietf:params:oauth:grant-type:token-exchange",
                            "subject_token",
                            token,
                            "subject_token_type",
                            "urn:ietf:params:oauth:token-type:jwt"))))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      LiveServer.Answer answer =
          LiveServer.answer(http.send(request, HttpResponse.BodyHandlers.ofString()));
      assertThat(answer.status()).as("%s", answer.json()).isEqualTo(200);
      return answer.json().path("access_token").asText();
    }
  }

  private String cli(String... arguments) {
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said, true);
    int exit =
        new Cli(
                configuration -> {
                  throw new IllegalStateException("no server is started here");
                },
                new Screen(writer, writer, Style.PLAIN, false),
                Map.of(
                    "POLDER_URL", live.http().toString(),
                    "POLDER_USER", LiveServer.ADMIN,
                    "POLDER_PASSWORD", LiveServer.PASSWORD))
            .run(arguments);
    assertThat(exit).as("%s", said).isZero();
    return said.toString();
  }

  private static void refused(String message, ThrowingCallable login) {
    assertThatThrownBy(login).hasStackTraceContaining(message);
  }
}
