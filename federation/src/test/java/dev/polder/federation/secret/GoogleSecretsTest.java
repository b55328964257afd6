package dev.polder.federation.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.polder.federation.secret.SecretStoreSettings.Google;
import dev.polder.federation.secret.VendorServer.Reply;
import dev.polder.federation.secret.VendorServer.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Google Secret Manager, as its REST reference and that of Google's logins have it. */
final class GoogleSecretsTest extends StoreTest {
  private static final String PATH = "projects/p-1/secrets/db/versions/latest";
  private static final String REFERENCE = "gcp-sm:" + PATH;
  private static final String SECRET = "GET /v1/" + PATH + ":access";
  private static final String LOGIN = "POST /token";
  private static final String METADATA =
      "GET /computeMetadata/v1/instance/service-accounts/default/token";
  private static final KeyPair KEYS = keys();

  @TempDir Path directory;

  private final AtomicReference<String> good = new AtomicReference<>("ya29.one");

  private static KeyPair keys() {
    try {
      return KeyPairGenerator.getInstance("RSA").generateKeyPair();
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private SecretStoreSettings google(@Nullable Path credentials) {
    SecretStoreSettings none = SecretStoreSettings.DEFAULT;
    return with(
        none.aws(),
        new Google(credentials, vendor.address(), vendor.address()),
        none.azure(),
        none.vault(),
        Duration.ZERO,
        TIMEOUT);
  }

  @Override
  SecretStoreSettings settings() {
    return google(serviceAccount(KEYS));
  }

  private Path serviceAccount(KeyPair keys) {
    String pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n";
    return file(
        Map.of(
            "type", "service_account",
            "project_id", "p-1",
            "private_key_id", "key-1",
            "private_key", pem,
            "client_email", "polder@p-1.iam.gserviceaccount.com",
            "token_uri", vendor.address() + "/token"));
  }

  private Path file(Map<String, String> content) {
    try {
      return Files.writeString(
          directory.resolve("credentials.json"), new ObjectMapper().writeValueAsString(content));
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  private Reply secret(Request request) {
    if (!request.header("Authorization").equals("Bearer " + good.get())) {
      return Reply.json(
          401, "{\"error\":{\"code\":401,\"message\":\"m\",\"status\":\"UNAUTHENTICATED\"}}");
    }
    return payload("hunter2", "hunter2");
  }

  private static Reply payload(String value, String summed) {
    CRC32C sum = new CRC32C();
    sum.update(summed.getBytes(UTF_8));
    return Reply.json(
        200,
        "{\"name\":\"projects/1/secrets/db/versions/3\",\"payload\":{\"data\":\""
            + Base64.getEncoder().encodeToString(value.getBytes(UTF_8))
            + "\",\"dataCrc32c\":\""
            + sum.getValue()
            + "\"}}");
  }

  private Reply token() {
    return Reply.json(
        200,
        "{\"access_token\":\"" + good.get() + "\",\"expires_in\":3599,\"token_type\":\"Bearer\"}");
  }

  /** The JWT bearer grant: refuses an assertion that is not signed by the account's key. */
  private void login() {
    vendor.on(SECRET, this::secret);
    vendor.on(
        LOGIN,
        request -> {
          assertThat(request.form())
              .containsOnlyKeys("grant_type", "assertion")
              .containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
          SignedJWT jwt = SignedJWT.parse(request.form().get("assertion"));
          assertThat(jwt.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.RS256);
          assertThat(jwt.getHeader().getKeyID()).isEqualTo("key-1");
          JWTClaimsSet claims = jwt.getJWTClaimsSet();
          assertThat(claims.getIssuer()).isEqualTo("polder@p-1.iam.gserviceaccount.com");
          assertThat(claims.getAudience()).containsExactly(vendor.address() + "/token");
          assertThat(claims.getStringClaim("scope"))
              .isEqualTo("https://www.googleapis.com/auth/cloud-platform");
          Instant issued = claims.getIssueTime().toInstant();
          assertThat(issued).isBeforeOrEqualTo(Instant.now());
          assertThat(claims.getExpirationTime().toInstant())
              .isAfter(Instant.now())
              .isBeforeOrEqualTo(issued.plusSeconds(3600));
          if (!jwt.verify(new RSASSAVerifier((RSAPublicKey) KEYS.getPublic()))) {
            return Reply.json(
                400,
                "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}");
          }
          return token();
        });
  }

  @Test
  void a_service_account_logs_in_with_its_key_once() {
    login();
    assertThat(resolve(REFERENCE)).isEqualTo("hunter2");
    assertThat(resolve(REFERENCE)).isEqualTo("hunter2");
    assertThat(vendor.asked(LOGIN)).isEqualTo(1);
  }

  @Test
  void a_token_that_is_refused_is_got_again() {
    login();
    resolve(REFERENCE);
    good.set("ya29.two");
    assertThat(resolve(REFERENCE)).isEqualTo("hunter2");
    assertThat(vendor.asked(LOGIN)).isEqualTo(2);
  }

  @Test
  void a_wrong_key_cannot_log_in() {
    use(google(serviceAccount(keys())));
    login();
    refused(REFERENCE)
        .hasMessage("secret 'PWD': the server cannot log in at Google: status 400 (invalid_grant)")
        .hasNoCause();
  }

  @Test
  void a_user_logs_in_with_a_refresh_token() {
    Path user =
        file(
            Map.of(
                "type", "authorized_user",
                "client_id", "id.apps.googleusercontent.com",
                "client_secret", "d-1",
                "refresh_token", "1//refresh",
                "token_uri", vendor.address() + "/token"));
    use(google(null));
    environment.put("GOOGLE_APPLICATION_CREDENTIALS", user.toString());
    vendor.on(SECRET, this::secret);
    vendor.on(
        LOGIN,
        request -> {
          assertThat(request.form())
              .isEqualTo(
                  Map.of(
                      "grant_type", "refresh_token",
                      "client_id", "id.apps.googleusercontent.com",
                      "client_secret", "d-1",
                      "refresh_token", "1//refresh"));
          return token();
        });
    assertThat(resolve(REFERENCE)).isEqualTo("hunter2");
  }

  @Test
  void a_machine_of_googles_has_an_account_of_its_own() {
    use(google(null));
    vendor.on(SECRET, this::secret);
    vendor.on(
        METADATA,
        request -> {
          assertThat(request.header("Metadata-Flavor")).isEqualTo("Google");
          return token().with("Metadata-Flavor", "Google");
        });
    assertThat(resolve(REFERENCE)).isEqualTo("hunter2");
    vendor.on(METADATA, request -> token());
    use(google(null));
    refused(REFERENCE).hasMessageContaining("the server has no Google credentials");
  }

  @Test
  void a_credentials_file_of_another_kind_is_told_so() {
    use(google(file(Map.of("type", "external_account"))));
    refused(REFERENCE).hasMessageEndingWith("must be of type service_account or authorized_user");
    use(google(directory.resolve("none.json")));
    refused(REFERENCE).hasMessageEndingWith("none.json cannot be read");
    use(
        google(
            file(
                Map.of(
                    "type", "service_account",
                    "private_key", "hunter2",
                    "token_uri", vendor.address() + "/token"))));
    refused(REFERENCE)
        .hasMessageContaining("the private key in Google's credentials file")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void a_value_that_changed_on_its_way_is_refused() {
    login();
    vendor.on(SECRET, r -> payload("hunter3", "hunter2"));
    refused(REFERENCE)
        .hasMessage(
            "secret 'PWD': the value that Google Secret Manager gave for '"
                + PATH
                + "' does not match its checksum");
    vendor.on(SECRET, r -> Reply.json(200, "{\"payload\":{\"data\":\"%%%\"}}"));
    refused(REFERENCE).hasMessageContaining("gave no base64");
    vendor.on(SECRET, r -> Reply.json(200, "{}"));
    refused(REFERENCE).hasMessageContaining("gave no value");
  }

  @Test
  void fields_of_a_secret_in_json_can_be_named() {
    login();
    vendor.on(SECRET, r -> payload("{\"user\":\"u\"}", "{\"user\":\"u\"}"));
    assertThat(resolve(REFERENCE + "#user")).isEqualTo("u");
    refused(REFERENCE + "#pwd").hasMessageContaining("has no field 'pwd'");
  }

  @Test
  void what_google_refuses_is_told_by_its_status() {
    login();
    vendor.on(
        SECRET,
        r -> Reply.json(403, "{\"error\":{\"code\":403,\"status\":\"PERMISSION_DENIED\"}}"));
    refused(REFERENCE)
        .hasMessage(
            "secret 'PWD': Google Secret Manager does not let the server read '"
                + PATH
                + "' (PERMISSION_DENIED)");
    vendor.on(SECRET, r -> Reply.json(404, "{\"error\":{\"status\":\"NOT_FOUND\"}}"));
    refused(REFERENCE)
        .hasMessage("secret 'PWD': Google Secret Manager has no secret '" + PATH + "'");
    vendor.on(SECRET, r -> Reply.json(429, "{\"error\":{\"status\":\"RESOURCE_EXHAUSTED\"}}"));
    refused(REFERENCE).hasMessageContaining("answered 429 (RESOURCE_EXHAUSTED)");
  }
}
