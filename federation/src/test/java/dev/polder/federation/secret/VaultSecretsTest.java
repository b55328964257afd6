package dev.polder.federation.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.federation.secret.SecretStoreSettings.Vault;
import dev.polder.federation.secret.SecretStoreSettings.VaultLogin;
import dev.polder.federation.secret.VendorServer.Reply;
import dev.polder.federation.secret.VendorServer.Request;
import dev.polder.model.Secret;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vault, and how values of any store are kept. */
final class VaultSecretsTest extends StoreTest {
  private static final String REFERENCE = "vault:secret/data/qod/fedpg#password";
  private static final String PATH = "GET /v1/secret/data/qod/fedpg";
  private static final String LOGIN = "POST /v1/auth/approle/login";
  private static final String DENIED = "{\"errors\":[\"permission denied\"]}";

  @TempDir Path directory;

  private final AtomicReference<String> good = new AtomicReference<>("hvs.good");
  private final AtomicReference<String> password = new AtomicReference<>("hunter2");

  private Vault vault(VaultLogin login) {
    return new Vault(vendor.address(), null, null, login);
  }

  private static VaultLogin token(String text) {
    return new VaultLogin.Token(Secret.of(text));
  }

  @Override
  SecretStoreSettings settings() {
    return with(vault(token("hvs.good")), KEEP, TIMEOUT);
  }

  /** Secrets as version 2 of the engine gives them, to the good token alone. */
  private Reply versioned(Request request) {
    assertThat(request.query()).isEmpty();
    assertThat(request.header("X-Vault-Request")).isEqualTo("true");
    if (!request.header("X-Vault-Token").equals(good.get())) {
      return Reply.json(403, DENIED);
    }
    return Reply.json(
        200,
        """
        {"request_id":"a","lease_id":"","renewable":false,"lease_duration":0,
         "data":{"data":{"password":"%s","port":5432,"none":null,"list":["hunter2"]},
                 "metadata":{"created_time":"2026-01-01T00:00:00Z","version":3}},
         "wrap_info":null,"warnings":null,"auth":null}
        """
            .formatted(password.get()));
  }

  private void appRole() {
    vendor.on(PATH, this::versioned);
    vendor.on(
        LOGIN,
        request -> {
          assertThat(request.header("Content-Type")).isEqualTo("application/json");
          if (!request.json().path("role_id").asText().equals("role-1")
              || !request.json().path("secret_id").asText().equals("sid-1")) {
            return Reply.json(400, "{\"errors\":[\"invalid role or secret ID\"]}");
          }
          return Reply.json(200, auth(good.get(), 3600));
        });
  }

  private static String auth(String token, long seconds) {
    return """
    {"auth":{"client_token":"%s","accessor":"acc","policies":["default"],
     "lease_duration":%d,"renewable":true}}
    """
        .formatted(token, seconds);
  }

  @Test
  void an_engine_with_versions_gives_a_field() {
    vendor.on(PATH, this::versioned);
    assertThat(resolve(REFERENCE)).isEqualTo("hunter2");
    assertThat(resolve("vault:secret/data/qod/fedpg#port")).isEqualTo("5432");
    assertThat(vendor.asked(PATH)).isEqualTo(1);
  }

  @Test
  void an_engine_without_versions_gives_a_field() {
    vendor.on(
        "GET /v1/kv/team%20a/db",
        request ->
            Reply.json(
                200, "{\"data\":{\"password\":\"p\",\"data\":\"d\"},\"lease_duration\":60}"));
    assertThat(resolve("vault:kv/team a/db#password")).isEqualTo("p");
    assertThat(resolve("vault:kv/team a/db#data")).isEqualTo("d");
  }

  @Test
  void a_field_that_is_not_there_is_named_and_no_value_shown() {
    vendor.on(PATH, this::versioned);
    refused("vault:secret/data/qod/fedpg#pwd")
        .hasMessage("secret 'PWD': 'secret/data/qod/fedpg' in Vault has no field 'pwd'");
    refused("vault:secret/data/qod/fedpg#none").hasMessageContaining("has no field 'none'");
    refused("vault:secret/data/qod/fedpg#list").hasMessageContaining("has no text in field 'list'");
  }

  @Test
  void a_wrong_token_is_told_without_the_token() {
    use(with(vault(token("hvs.wrong")), KEEP, TIMEOUT));
    vendor.on(PATH, this::versioned);
    refused(REFERENCE)
        .hasMessage(
            "secret 'PWD': Vault does not let the server read 'secret/data/qod/fedpg' (permission"
                + " denied)")
        .hasNoCause();
  }

  @Test
  void what_is_not_there_is_named() {
    vendor.on("GET /v1/secret/data/none", r -> Reply.json(404, "{\"errors\":[]}"));
    vendor.on(
        "GET /v1/secret/none",
        r ->
            Reply.json(404, "{\"errors\":[],\"warnings\":[\"Invalid path for a versioned K/V\"]}"));
    refused("vault:secret/data/none#x")
        .hasMessage("secret 'PWD': Vault has no secret 'secret/data/none'");
    refused("vault:secret/none#x")
        .hasMessage(
            "secret 'PWD': Vault has no secret 'secret/none'; an engine with versions wants data/"
                + " after its mount");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"errors\":[\"token hvs.good12 leaked\"]}",
        "<html>hunter2</html>",
        "",
        "[1",
        "\"x\""
      })
  void odd_answers_are_not_repeated(String body) {
    vendor.on(PATH, r -> Reply.json(503, body));
    refused(REFERENCE)
        .hasMessage("secret 'PWD': Vault answered 503 for 'secret/data/qod/fedpg'")
        .hasNoCause();
    vendor.on(PATH, r -> Reply.json(200, body));
    refused(REFERENCE).hasMessage("secret 'PWD': Vault gave no fields for 'secret/data/qod/fedpg'");
  }

  @Test
  void redirects_are_not_followed_and_long_answers_not_read() {
    vendor.on(PATH, r -> Reply.json(307, "").with("Location", vendor.address() + "/v1/other"));
    refused(REFERENCE).hasMessageContaining("Vault answered 307");
    vendor.on(PATH, r -> Reply.json(200, "\"" + "x".repeat(2 << 20) + "\""));
    refused(REFERENCE).hasMessageContaining("too large");
  }

  @Test
  void nobody_there_is_said_so() {
    use(with(new Vault(URI.create("http://127.0.0.1:1"), null, null, token("t")), KEEP, TIMEOUT));
    refused(REFERENCE).hasMessage("secret 'PWD': Vault cannot be asked: nothing listens there");
    use(with(new Vault(URI.create("http://vault.invalid"), null, null, token("t")), KEEP, TIMEOUT));
    refused(REFERENCE).hasMessage("secret 'PWD': Vault cannot be asked: its name is not known");
  }

  @Test
  void a_slow_answer_is_not_waited_for() {
    CountDownLatch end = new CountDownLatch(1);
    use(with(vault(token("hvs.good")), KEEP, Duration.ofMillis(300)));
    vendor.on(
        PATH,
        request -> {
          end.await();
          return versioned(request);
        });
    refused(REFERENCE).hasMessage("secret 'PWD': Vault did not answer within 300 ms");
    end.countDown();
  }

  @Test
  void a_namespace_is_sent_along() {
    use(with(new Vault(vendor.address(), "team/a", null, token("hvs.good")), KEEP, TIMEOUT));
    vendor.on(
        PATH,
        request -> {
          assertThat(request.header("X-Vault-Namespace")).isEqualTo("team/a");
          return versioned(request);
        });
    assertThat(resolve(REFERENCE)).isEqualTo("hunter2");
  }

  @Test
  void a_role_logs_in_once_for_many_secrets() {
    use(
        with(
            vault(new VaultLogin.AppRole("approle", "role-1", Secret.of("sid-1"))),
            Duration.ZERO,
            TIMEOUT));
    appRole();
    assertThat(resolve(REFERENCE)).isEqualTo("hunter2");
    assertThat(resolve(REFERENCE)).isEqualTo("hunter2");
    assertThat(vendor.asked(LOGIN)).isEqualTo(1);
  }

  @Test
  void a_role_logs_in_again_when_its_token_is_refused() {
    use(
        with(
            vault(new VaultLogin.AppRole("approle", "role-1", Secret.of("sid-1"))),
            Duration.ZERO,
            TIMEOUT));
    appRole();
    resolve(REFERENCE);
    good.set("hvs.next");
    assertThat(resolve(REFERENCE)).isEqualTo("hunter2");
    assertThat(vendor.asked(LOGIN)).isEqualTo(2);
  }

  @Test
  void a_token_that_ends_is_renewed_without_another_login() {
    use(
        with(
            vault(new VaultLogin.AppRole("approle", "role-1", Secret.of("sid-1"))),
            Duration.ZERO,
            TIMEOUT));
    vendor.on(PATH, this::versioned);
    vendor.on(LOGIN, request -> Reply.json(200, auth("hvs.good", 1)));
    vendor.on(
        "POST /v1/auth/token/renew-self",
        request -> {
          assertThat(request.header("X-Vault-Token")).isEqualTo("hvs.good");
          return Reply.json(200, auth("hvs.good", 3600));
        });
    resolve(REFERENCE);
    Awaitility.await()
        .until(() -> {
          resolve(REFERENCE);
          return vendor.asked("POST /v1/auth/token/renew-self") == 1;
        });
    assertThat(vendor.asked(LOGIN)).isEqualTo(1);
  }

  @Test
  void a_role_with_a_wrong_secret_id_cannot_log_in() {
    use(
        with(
            vault(new VaultLogin.AppRole("approle", "role-1", Secret.of("sid-9"))), KEEP, TIMEOUT));
    appRole();
    refused(REFERENCE)
        .hasMessage(
            "secret 'PWD': the server cannot log in at Vault: status 400 (invalid role or secret"
                + " ID)");
  }

  @Test
  void a_pod_logs_in_with_its_service_account() throws Exception {
    Path jwt = Files.writeString(directory.resolve("token"), "eyJ.one.sig\n");
    use(with(vault(new VaultLogin.Kubernetes("k8s/east", "polder", jwt)), Duration.ZERO, TIMEOUT));
    vendor.on(PATH, this::versioned);
    vendor.on(
        "POST /v1/auth/k8s/east/login",
        request -> {
          assertThat(request.json().path("role").asText()).isEqualTo("polder");
          assertThat(request.json().path("jwt").asText()).isEqualTo(Files.readString(jwt).strip());
          return Reply.json(200, auth(good.get(), 3600));
        });
    assertThat(resolve(REFERENCE)).isEqualTo("hunter2");
    Files.writeString(jwt, "eyJ.two.sig");
    good.set("hvs.next");
    assertThat(resolve(REFERENCE)).isEqualTo("hunter2");
  }

  @Test
  void a_token_file_is_read_again_when_its_token_is_refused() throws Exception {
    Path file = Files.writeString(directory.resolve("token"), "hvs.good\n");
    use(with(vault(new VaultLogin.TokenFile(file)), Duration.ZERO, TIMEOUT));
    vendor.on(PATH, this::versioned);
    resolve(REFERENCE);
    good.set("hvs.next");
    refused(REFERENCE).hasMessageContaining("does not let the server read");
    Files.writeString(file, "hvs.next");
    assertThat(resolve(REFERENCE)).isEqualTo("hunter2");
    Files.delete(file);
    good.set("hvs.last");
    refused(REFERENCE).hasMessage("secret 'PWD': the token file " + file + " cannot be read");
  }

  @Test
  void values_are_kept_until_they_are_told_to_be_wrong() {
    vendor.on(PATH, this::versioned);
    assertThat(resolve(REFERENCE)).isEqualTo("hunter2");
    password.set("hunter3");
    assertThat(resolve(REFERENCE)).isEqualTo("hunter2");
    rotated(REFERENCE);
    assertThat(resolve(REFERENCE)).isEqualTo("hunter3");
    assertThat(vendor.asked(PATH)).isEqualTo(2);
  }

  @Test
  void values_are_asked_for_again_after_their_time() {
    use(with(vault(token("hvs.good")), Duration.ofMillis(50), TIMEOUT));
    vendor.on(PATH, this::versioned);
    resolve(REFERENCE);
    password.set("hunter3");
    Awaitility.await().until(() -> resolve(REFERENCE).equals("hunter3"));
  }

  @Test
  void many_who_ask_at_once_ask_the_store_once() throws Exception {
    CountDownLatch all = new CountDownLatch(1);
    vendor.on(
        PATH,
        request -> {
          all.await();
          return versioned(request);
        });
    secrets();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> answers =
          IntStream.range(0, 50).mapToObj(i -> threads.submit(() -> resolve(REFERENCE))).toList();
      Awaitility.await().until(() -> vendor.asked(PATH) == 1);
      all.countDown();
      for (Future<String> answer : answers) {
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("hunter2");
      }
    }
    assertThat(vendor.asked(PATH)).isEqualTo(1);
  }

  @Test
  void failures_are_not_kept() {
    vendor.on(PATH, r -> Reply.json(503, "{\"errors\":[\"Vault is sealed\"]}"));
    refused(REFERENCE)
        .hasMessage(
            "secret 'PWD': Vault answered 503 (Vault is sealed) for 'secret/data/qod/fedpg'");
    vendor.on(PATH, this::versioned);
    assertThat(resolve(REFERENCE)).isEqualTo("hunter2");
  }

  @Test
  void a_private_authority_is_trusted_when_it_is_named() throws Exception {
    Path keys = directory.resolve("keys.p12");
    Path certificate = directory.resolve("ca.pem");
    keytool(
        "-genkeypair -alias v -keyalg RSA -dname CN=vault -ext SAN=ip:127.0.0.1 -storetype PKCS12",
        keys);
    keytool("-exportcert -rfc -alias v -file " + certificate, keys);
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, "changeit".toCharArray());
    }
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, "changeit".toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(factory.getKeyManagers(), null, null);
    try (VendorServer secure = VendorServer.startTls(tls)) {
      secure.on(PATH, this::versioned);
      use(with(new Vault(secure.address(), null, null, token("hvs.good")), KEEP, TIMEOUT));
      refused(REFERENCE)
          .hasMessage(
              "secret 'PWD': Vault cannot be asked: its certificate or TLS set-up is not"
                  + " accepted");
      use(with(new Vault(secure.address(), null, certificate, token("hvs.good")), KEEP, TIMEOUT));
      assertThat(resolve(REFERENCE)).isEqualTo("hunter2");
    }
    use(with(new Vault(vendor.address(), null, keys, token("t")), KEEP, TIMEOUT));
    refused(REFERENCE).hasMessageContaining("the certificates of " + keys + " cannot be read");
  }

  private static void keytool(String arguments, Path store) throws Exception {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments.split(" ", -1)));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", "changeit"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
