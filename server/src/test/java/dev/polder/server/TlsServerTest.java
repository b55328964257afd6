package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS without a certificate of one's own. */
@SuppressWarnings("try")
class TlsServerTest {
  @TempDir Path data;

  @Test
  void bothDoorsShareACertificateThatIsMadeOnceAndKept() throws Exception {
    Path certificate = data.resolve("tls/polder.crt");
    List<String> kept = new ArrayList<>();
    for (int start = 0; start < 2; start++) {
      try (RunningServer server =
          LocalServers.start(
              data, Map.of("POLDER_HTTP_TLS_MODE", "on", "POLDER_FLIGHT_TLS_MODE", "on"))) {
        assertThat(health(server, trusting(certificate))).isEqualTo(200);
        assertThatThrownBy(() -> health(server, SSLContext.getDefault()))
            .isInstanceOf(SSLException.class);
        logInOverFlight(server, certificate);
      }
      kept.add(Files.readString(certificate));
    }
    assertThat(kept.getLast()).isEqualTo(kept.getFirst());
    assertThat(Files.getPosixFilePermissions(data.resolve("tls/polder.key")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aServerOpenToTheNetworkSpeaksTlsByItself() throws Exception {
    try (RunningServer server =
        LocalServers.start(
            data, Map.of("POLDER_HTTP_HOST", "0.0.0.0", "POLDER_FLIGHT_HOST", "0.0.0.0"))) {
      assertThat(server.endpoints().http().getScheme()).isEqualTo("https");
      assertThat(server.endpoints().flight().getScheme()).isEqualTo("grpc+tls");
      assertThat(health(server, trusting(data.resolve("tls/polder.crt")))).isEqualTo(200);
    }
  }

  private static int health(RunningServer server, SSLContext tls) throws Exception {
    URI address =
        URI.create("https://localhost:" + server.endpoints().http().getPort() + "/health");
    try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
      return client
          .send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }

  private static void logInOverFlight(RunningServer server, Path certificate) throws Exception {
    Location location = Location.forGrpcTls("localhost", server.endpoints().flight().getPort());
    try (InputStream trusted = Files.newInputStream(certificate);
        BufferAllocator allocator = new RootAllocator();
        FlightClient client =
            FlightClient.builder(allocator, location)
                .useTls()
                .trustedCertificates(trusted)
                .build()) {
      assertThat(client.authenticateBasicToken("admin", LocalServers.ADMIN_PASSWORD)).isPresent();
    }
  }

  private static SSLContext trusting(Path certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(certificate)) {
      trusted.setCertificateEntry(
          "polder", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
