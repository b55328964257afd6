package dev.polder.door.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.http.HttpListener;
import dev.polder.http.ListenerOptions;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
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

    try (HttpListener door = start(0, Optional.of(new ListenerOptions.Tls(certificate, key)));
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

    assertThatThrownBy(() -> start(0, Optional.of(new ListenerOptions.Tls(nonsense, nonsense))))
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

  private HttpListener start(int port, Optional<ListenerOptions.Tls> tls) throws Exception {
    TestCredentials users = new TestCredentials();
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    return TestListener.start(
        ListenerOptions.defaults().listeningOn("127.0.0.1", port).with(tls),
        users,
        metrics,
        new HttpDoor(
            HttpOptions.defaults(),
            new HttpServices(
                new DuckSessions(),
                new DirectoryStaging(directory),
                new FixedFeed(),
                users,
                () -> new Readiness(true, Map.of()),
                metrics)));
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
