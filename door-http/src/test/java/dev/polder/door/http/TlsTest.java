package dev.polder.door.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.Identity;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsTest {
  private static final String PASSWORD = "changeit";
  @TempDir Path directory;

  @Test
  void servesOverTlsFromPemFiles() throws Exception {
    KeyStore keys = generate();
    Path certificate = directory.resolve("cert.pem");
    Path key = directory.resolve("key.pem");
    pem(certificate, "CERTIFICATE", keys.getCertificate("door").getEncoded());
    pem(key, "PRIVATE KEY", keys.getKey("door", PASSWORD.toCharArray()).getEncoded());

    try (HttpDoor door = start(0, Optional.of(new HttpOptions.Tls(certificate, key)));
        HttpClient client = HttpClient.newBuilder().sslContext(trusting(keys)).build()) {
      assertThat(door.baseUri().getScheme()).isEqualTo("https");
      var response =
          client.send(
              HttpRequest.newBuilder(
                      java.net.URI.create("https://localhost:" + door.port() + "/health"))
                  .build(),
              BodyHandlers.ofString());
      assertThat(response.body()).isEqualTo("{\"status\":\"up\"}");
    }
  }

  @Test
  void aKeyThatIsNoneIsNamed() throws Exception {
    Path nonsense = Files.writeString(directory.resolve("nonsense.pem"), "nothing");

    assertThatThrownBy(() -> start(0, Optional.of(new HttpOptions.Tls(nonsense, nonsense))))
        .hasMessageContaining("nonsense.pem");
  }

  @Test
  void aPortInUseIsAConfigurationError() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> start(taken.getLocalPort(), Optional.empty()))
          .isInstanceOfSatisfying(
              PolderException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION));
    }
  }

  private HttpDoor start(int port, Optional<HttpOptions.Tls> tls) throws Exception {
    HttpOptions plain = HttpOptions.defaults();
    return HttpDoor.start(
        new HttpOptions(
            "127.0.0.1",
            port,
            tls,
            plain.maxBodyBytes(),
            plain.maxUploadBytes(),
            plain.maxConnections(),
            plain.idleTimeout(),
            plain.sessionIdle(),
            plain.maxSessionsPerPrincipal(),
            plain.tokenLifetime()),
        new HttpServices(
            new DuckSessions(),
            new DirectoryStaging(directory),
            new FixedFeed(),
            new TestCredentials(),
            () -> new Readiness(true, Map.of()),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            Identity::superuser));
  }

  private KeyStore generate() throws Exception {
    Path store = directory.resolve("keys.p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process process =
        new ProcessBuilder(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                "door",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
  }

  private static SSLContext trusting(KeyStore keys) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("door", keys.getCertificate("door"));
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  private static void pem(Path file, String kind, byte[] content) throws Exception {
    Files.writeString(
        file,
        "-----BEGIN "
            + kind
            + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
            + "\n-----END "
            + kind
            + "-----\n");
  }
}
