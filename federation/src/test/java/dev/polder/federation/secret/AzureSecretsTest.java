package dev.polder.federation.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.federation.secret.SecretStoreSettings.Azure;
import dev.polder.federation.secret.VendorServer.Reply;
import dev.polder.federation.secret.VendorServer.Request;
import dev.polder.model.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Azure Key Vault, as its REST reference and that of Microsoft Entra have it. */
final class AzureSecretsTest extends StoreTest {
  private static final String LOGIN = "POST /my-tenant/oauth2/v2.0/token";
  private static final String MACHINE = "GET /metadata/identity/oauth2/token";
  private static final String SECRET = "GET /secrets/db-password";

  @TempDir Path directory;

  private final AtomicReference<String> good = new AtomicReference<>("token-1");

  private SecretStoreSettings azure(
      @Nullable Secret clientSecret, @Nullable Path tokenFile, @Nullable String clientId) {
    SecretStoreSettings none = SecretStoreSettings.DEFAULT;
    return with(
        none.aws(),
        none.google(),
        new Azure(
            vendor.address(),
            "my-tenant",
            clientId,
            clientSecret,
            tokenFile,
            vendor.address(),
            vendor.address()),
        none.vault(),
        Duration.ZERO,
        TIMEOUT);
  }

  @Override
  SecretStoreSettings settings() {
    return azure(Secret.of("cs-1"), null, "client-1");
  }

  private Reply secret(Request request) {
    assertThat(request.parameters()).isEqualTo(Map.of("api-version", "7.4"));
    if (!request.header("Authorization").equals("Bearer " + good.get())) {
      return Reply.json(
              401,
              "{\"error\":{\"code\":\"Unauthorized\",\"message\":\"AKV10032: Invalid issuer\"}}")
          .with(
              "WWW-Authenticate",
              "Bearer authorization=\"https://login.microsoftonline.com/t\","
                  + " resource=\"https://vault.azure.net\"");
    }
    return Reply.json(
        200,
        """
        {"value":"hunter2","id":"https://v.vault.azure.net/secrets/db-password/0123",
         "attributes":{"enabled":true,"recoveryLevel":"Recoverable+Purgeable"}}
        """);
  }

  private void login() {
    vendor.on(SECRET, this::secret);
    vendor.on(
        LOGIN,
        request -> {
          Map<String, String> form = request.form();
          assertThat(form)
              .containsOnlyKeys("client_id", "client_secret", "grant_type", "scope")
              .containsEntry("grant_type", "client_credentials")
              .containsEntry("scope", "https://vault.azure.net/.default");
          if (!form.get("client_secret").equals("cs-1")) {
            return Reply.json(
                401,
                "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: Invalid"
                    + " client secret provided.\"}");
          }
          return Reply.json(
              200,
              "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\""
                  + good.get()
                  + "\"}");
        });
  }

  @Test
  void a_client_with_a_secret_logs_in_once() {
    login();
    assertThat(resolve("azure-kv:db-password")).isEqualTo("hunter2");
    assertThat(resolve("azure-kv:db-password")).isEqualTo("hunter2");
    assertThat(vendor.asked(LOGIN)).isEqualTo(1);
  }

  @Test
  void a_token_that_is_refused_is_got_again_once() {
    login();
    resolve("azure-kv:db-password");
    good.set("token-2");
    assertThat(resolve("azure-kv:db-password")).isEqualTo("hunter2");
    assertThat(vendor.asked(LOGIN)).isEqualTo(2);
    vendor.on(
        SECRET, r -> Reply.json(401, "{\"error\":{\"code\":\"Unauthorized\",\"message\":\"x\"}}"));
    refused("azure-kv:db-password")
        .hasMessage("secret 'PWD': Azure Key Vault answered 401 (Unauthorized) for 'db-password'");
    assertThat(vendor.asked(LOGIN)).isEqualTo(3);
  }

  @Test
  void a_wrong_client_secret_is_told_without_it() {
    use(azure(Secret.of("cs-wrong"), null, "client-1"));
    login();
    refused("azure-kv:db-password")
        .hasMessage(
            "secret 'PWD': the server cannot log in at Microsoft Entra: status 401"
                + " (invalid_client)")
        .hasNoCause();
  }

  @Test
  void a_client_needs_its_id() {
    use(azure(Secret.of("cs-1"), null, null));
    refused("azure-kv:db-password").hasMessageContaining("federation.azure-kv.client-id");
  }

  @Test
  void a_workload_shows_the_token_of_its_file() throws Exception {
    Path file = Files.writeString(directory.resolve("azure-identity-token"), "eyJ.one.sig\n");
    use(azure(null, file, "client-1"));
    vendor.on(SECRET, this::secret);
    vendor.on(
        LOGIN,
        request -> {
          assertThat(request.form())
              .isEqualTo(
                  Map.of(
                      "client_id", "client-1",
                      "grant_type", "client_credentials",
                      "scope", "https://vault.azure.net/.default",
                      "client_assertion_type",
                          "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                      "client_assertion", Files.readString(file).strip()));
          return Reply.json(200, "{\"expires_in\":3599,\"access_token\":\"" + good.get() + "\"}");
        });
    assertThat(resolve("azure-kv:db-password")).isEqualTo("hunter2");
    Files.writeString(file, "eyJ.two.sig");
    good.set("token-2");
    assertThat(resolve("azure-kv:db-password")).isEqualTo("hunter2");
  }

  @Test
  void a_machine_has_an_identity_of_its_own() {
    use(azure(null, null, "client-1"));
    vendor.on(SECRET, this::secret);
    vendor.on(
        MACHINE,
        request -> {
          assertThat(request.header("Metadata")).isEqualTo("true");
          assertThat(request.parameters())
              .isEqualTo(
                  Map.of(
                      "api-version",
                      "2018-02-01",
                      "resource",
                      "https://vault.azure.net",
                      "client_id",
                      "client-1"));
          return Reply.json(
              200,
              "{\"access_token\":\"token-1\",\"expires_in\":\"3599\",\"token_type\":\"Bearer\"}");
        });
    assertThat(resolve("azure-kv:db-password")).isEqualTo("hunter2");
    assertThat(resolve("azure-kv:db-password")).isEqualTo("hunter2");
    assertThat(vendor.asked(MACHINE)).isEqualTo(1);
  }

  @Test
  void a_version_is_asked_for_by_name() {
    login();
    vendor.on("GET /secrets/db-password/0123456789abcdef0123456789abcdef", this::secret);
    assertThat(resolve("azure-kv:db-password/0123456789abcdef0123456789abcdef"))
        .isEqualTo("hunter2");
  }

  @Test
  void what_the_vault_refuses_is_told_by_its_code() {
    login();
    vendor.on(
        "GET /secrets/none",
        r -> Reply.json(404, "{\"error\":{\"code\":\"SecretNotFound\",\"message\":\"m\"}}"));
    vendor.on(
        "GET /secrets/other",
        r -> Reply.json(403, "{\"error\":{\"code\":\"Forbidden\",\"message\":\"m\"}}"));
    vendor.on("GET /secrets/odd", r -> Reply.json(200, "{\"value\":{}}"));
    refused("azure-kv:none").hasMessage("secret 'PWD': Azure Key Vault has no secret 'none'");
    refused("azure-kv:other")
        .hasMessage(
            "secret 'PWD': Azure Key Vault does not let the server read 'other' (Forbidden)");
    refused("azure-kv:odd").hasMessage("secret 'PWD': Azure Key Vault gave no value for 'odd'");
  }
}
