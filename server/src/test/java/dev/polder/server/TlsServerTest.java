package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.model.Secret;
import dev.polder.server.cli.Cli;
import dev.polder.server.cli.Screen;
import dev.polder.server.client.Credentials;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.Target;
import dev.polder.server.client.Trust;
import dev.polder.server.table.Style;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
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
import java.util.HashMap;
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

  @Test
  void theCertificateIsMadeAnewWhenTheServerGetsAnotherAddress() throws Exception {
    Path certificate = data.resolve("tls/polder.crt");
    Map<String, String> tls = Map.of("POLDER_HTTP_TLS_MODE", "on");
    try (RunningServer server = LocalServers.start(data, tls)) {
      assertThat(server.endpoints().http().getScheme()).isEqualTo("https");
    }
    String before = Files.readString(certificate);
    try (RunningServer server =
        LocalServers.start(
            data, Map.of("POLDER_HTTP_TLS_MODE", "on", "POLDER_HTTP_HOST", "127.0.0.2"))) {
      assertThat(server.endpoints().http().getHost()).isEqualTo("127.0.0.2");
      assertThat(Files.readString(certificate)).isNotEqualTo(before);
      try (PolderClient client =
          new PolderClient(
              new Target(server.endpoints().http(), null, null),
              new Credentials.UserPassword("admin", Secret.of(LocalServers.ADMIN_PASSWORD)),
              new Trust.Certificates(certificate, false))) {
        assertThat(client.execute("SELECT 1").rows()).hasSize(1);
      }
    }
  }

  @Test
  void commandsTrustTheServerOfTheDataDirectoryAndOthersWhenTold() throws Exception {
    try (RunningServer server = LocalServers.start(data, Map.of("POLDER_HTTP_TLS_MODE", "on"))) {
      String url = "https://localhost:" + server.endpoints().http().getPort();
      String certificate = data.resolve("tls/polder.crt").toString();
      PortsFile.write(data, server.endpoints());
      assertThat(sql(Map.of("POLDER_DATA_DIR", data.toString()))).as(said.toString()).isZero();
      assertThat(said.toString()).contains("41");
      assertThat(sql(Map.of("POLDER_URL", url))).isEqualTo(1);
      assertThat(said.toString()).contains("--tls-ca");
      assertThat(sql(Map.of("POLDER_URL", url, "POLDER_TLS_CA", certificate))).isZero();
      assertThat(sql(Map.of("POLDER_URL", url), "--tls-ca", certificate)).isZero();
      assertThat(sql(Map.of("POLDER_URL", url), "--tls-insecure")).isZero();
      assertThat(said.toString()).contains("warning: --tls-insecure");
    }
  }

  private final StringWriter said = new StringWriter();

  private int sql(Map<String, String> environment, String... more) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("POLDER_USER", "admin");
    all.put("POLDER_PASSWORD", LocalServers.ADMIN_PASSWORD);
    List<String> arguments = new ArrayList<>(List.of("sql", "-c", "SELECT 40 + 1"));
    arguments.addAll(List.of(more));
    PrintWriter writer = new PrintWriter(said, true);
    return new Cli(
            configuration -> {
              throw new IllegalStateException("no server is started here");
            },
            new Screen(writer, writer, Style.PLAIN, false),
            all)
        .run(arguments.toArray(String[]::new));
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
