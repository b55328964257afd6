package dev.polder.door.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.door.flight.internal.DuckServer;
import dev.polder.door.flight.internal.TestLogin;
import dev.polder.model.PolderException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.auth2.BasicAuthCredentialWriter;
import org.apache.arrow.flight.grpc.CredentialCallOption;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.flight.sql.FlightSqlClient.Transaction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The door's own promises: sessions, limits, memory and TLS. */
@SuppressWarnings("try")
final class DoorTest {
  private static final FlightLimits D = FlightLimits.defaults();

  @TempDir Path directory;
  private BufferAllocator allocator;

  @BeforeEach
  void open() {
    allocator = new RootAllocator();
  }

  @AfterEach
  void close() {
    allocator.close();
  }

  private static FlightLimits small() {
    return new FlightLimits(
        Duration.ofMillis(300),
        3,
        2,
        2,
        2,
        Duration.ofMillis(300),
        Duration.ofSeconds(1),
        Duration.ofMillis(300),
        4 << 20,
        1 << 20,
        1 << 16);
  }

  private static HeaderCallOption header(String name, String value) {
    CallHeaders headers = new FlightCallHeaders();
    headers.insert(name, value);
    return new HeaderCallOption(headers);
  }

  @Test
  void aPasswordWithEachCallIsCheckedOncePerConnection() throws Exception {
    try (DuckServer server = new DuckServer();
        FlightSqlClient client = plain(server)) {
      CredentialCallOption basic =
          new CredentialCallOption(new BasicAuthCredentialWriter("alice", "se:cret"));
      for (int i = 0; i < 5; i++) {
        client.executeUpdate("CREATE TABLE IF NOT EXISTS t (i INTEGER)", basic);
      }
      assertThat(server.login.passwordsChecked).hasValue(1);
      assertThat(server.sessions.open()).isEqualTo(1);
    }
  }

  @Test
  void guessingIsCountedByTheAddressOfTheGuesser() throws Exception {
    try (DuckServer server = new DuckServer();
        FlightSqlClient one = plain(server);
        FlightSqlClient two = plain(server)) {
      CredentialCallOption basic =
          new CredentialCallOption(new BasicAuthCredentialWriter("alice", "se:cret"));
      one.executeUpdate("CREATE TABLE IF NOT EXISTS t (i INTEGER)", basic);
      two.executeUpdate("CREATE TABLE IF NOT EXISTS t (i INTEGER)", basic);
      assertThat(server.login.addresses).containsExactly("127.0.0.1");
    }
  }

  @Test
  void headersThatDisagreeAreRefused() throws Exception {
    try (DuckServer server = new DuckServer();
        FlightClients client = FlightClients.of(server.target(), allocator)) {
      CallHeaders headers = new FlightCallHeaders();
      headers.insert("x-polder-tenant", "acme");
      headers.insert("x-polder-tenant", "other");
      assertThatThrownBy(() ->
              client.sql.execute("SELECT 1", client.options[0], new HeaderCallOption(headers)))
          .hasMessageContaining("BAD_REQUEST")
          .hasMessageContaining("x-polder-tenant");
    }
  }

  @Test
  void anApiKeyServesInEitherHeaderAndEachConnectionIsASession() throws Exception {
    try (DuckServer server = new DuckServer()) {
      try (FlightSqlClient one = plain(server);
          FlightSqlClient two = plain(server)) {
        one.executeUpdate("CREATE TABLE t (i INTEGER)", header("x-api-key", TestLogin.API_KEY));
        two.executeUpdate(
            "INSERT INTO t VALUES (1)", header("authorization", "Bearer " + TestLogin.API_KEY));
        assertThat(server.sessions.open()).isEqualTo(2);
      }
      Awaitility.await().untilAsserted(() -> assertThat(server.sessions.open()).isZero());
    }
  }

  @Test
  void aRevokedTokenIsRefusedAtTheNextCall() throws Exception {
    try (DuckServer server = new DuckServer();
        FlightClients client = FlightClients.of(server.target(), allocator)) {
      client.query("SELECT 1");
      server.login.revokeAll();
      assertThatThrownBy(() -> client.query("SELECT 1"))
          .hasMessageContaining("AUTHENTICATION_FAILED");
    }
  }

  @Test
  void anotherDatabaseInTheHeadersIsAnotherSession() throws Exception {
    try (DuckServer server = new DuckServer();
        FlightClients lake = FlightClients.of(server.target(), allocator)) {
      lake.update("CREATE TABLE here (i INTEGER)");
      assertThatThrownBy(() ->
              lake.sql.execute("SELECT * FROM here", lake.options[0], header("database", "other")))
          .hasMessageContaining("COLLECTION_NOT_FOUND");
      assertThatThrownBy(
              () -> lake.sql.execute("SELECT 1", lake.options[0], header("database", "nowhere")))
          .hasMessageContaining("DATABASE_NOT_FOUND (3D000)");
      assertThat(server.sessions.open()).isEqualTo(2);
    }
  }

  @Test
  void idleSessionsAndTheirPreparedStatementsAreClosed() throws Exception {
    try (DuckServer server = new DuckServer(small(), new FlightTls.Plaintext());
        FlightClients client = FlightClients.of(server.target(), allocator)) {
      client.sql.prepare("SELECT 1", client.options);
      assertThat(server.sessions.open()).isEqualTo(1);
      Awaitility.await().untilAsserted(() -> assertThat(server.sessions.open()).isZero());
    }
  }

  @Test
  void resultsThatNobodyFetchesHinderTheirOwnSessionAlone() throws Exception {
    try (DuckServer server = new DuckServer();
        FlightClients hoarder = FlightClients.of(server.target(), allocator);
        FlightClients other = FlightClients.of(server.target(), allocator)) {
      FlightInfo first = hoarder.sql.execute("SELECT 1", hoarder.options);
      for (int i = 1; i < D.ticketsPerSession(); i++) {
        hoarder.sql.execute("SELECT 1", hoarder.options);
      }
      assertThatThrownBy(() -> hoarder.sql.execute("SELECT 1", hoarder.options))
          .hasMessageContaining("CONNECTION_LIMIT")
          .hasMessageContaining("256 results waiting to be fetched");
      other.query("SELECT 1");
      try (FlightStream fetched =
          hoarder.sql.getStream(first.getEndpoints().getFirst().getTicket(), hoarder.options)) {
        assertThat(fetched.next()).isTrue();
      }
      hoarder.sql.execute("SELECT 1", hoarder.options);
    }
  }

  @Test
  void abandonedHandlesAndTicketsAreLimited() throws Exception {
    try (DuckServer server = new DuckServer(small(), new FlightTls.Plaintext());
        FlightClients client = FlightClients.of(server.target(), allocator)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 3; i++) {
                  client.sql.prepare("SELECT 1", client.options);
                }
              })
          .hasMessageContaining("CONNECTION_LIMIT (53300)");
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 3; i++) {
                  client.sql.execute("SELECT 1", client.options);
                }
              })
          .hasMessageContaining("CONNECTION_LIMIT");
      Awaitility.await()
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(client.query("SELECT 1")).hasSize(1));
    }
  }

  @Test
  void thePrincipalsSessionsAreLimited() throws Exception {
    try (DuckServer server = new DuckServer(small(), new FlightTls.Plaintext())) {
      List<FlightClients> clients = new ArrayList<>();
      try {
        assertThatThrownBy(
                () -> {
                  for (int i = 0; i < 4; i++) {
                    FlightClients client = FlightClients.of(server.target(), allocator);
                    clients.add(client);
                    client.sql.beginTransaction(client.options);
                  }
                })
            .hasMessageContaining("CONNECTION_LIMIT");
      } finally {
        for (FlightClients client : clients) {
          client.close();
        }
      }
    }
  }

  @Test
  void twoStatementsAtOnceInOneTransactionAreRefused() throws Exception {
    FlightLimits impatient =
        new FlightLimits(
            D.sessionIdle(),
            64,
            8,
            10,
            10,
            D.ticketLifetime(),
            D.readerPatience(),
            Duration.ofMillis(300),
            4 << 20,
            1 << 20,
            1 << 16);
    try (DuckServer server = new DuckServer(impatient, new FlightTls.Plaintext());
        FlightClients client = FlightClients.of(server.target(), allocator)) {
      Transaction transaction = client.sql.beginTransaction(client.options);
      FlightInfo info =
          client.sql.execute("SELECT range FROM range(50000000)", transaction, client.options);
      try (FlightStream stream =
          client.sql.getStream(info.getEndpoints().get(0).getTicket(), client.options)) {
        stream.next();
        assertThatThrownBy(() -> client.sql.execute("SELECT 1", transaction, client.options))
            .hasMessageContaining("TRANSACTION_ACTIVE (25001)");
        stream.cancel("done", null);
      }
    }
  }

  @Test
  void aReaderThatWaitsHoldsTheEngineBack() throws Exception {
    try (DuckServer server = new DuckServer();
        FlightClients client = FlightClients.of(server.target(), allocator)) {
      FlightInfo info =
          client.sql.execute("SELECT range AS i FROM range(200000000)", client.options);
      try (FlightStream stream =
          client.sql.getStream(info.getEndpoints().get(0).getTicket(), client.options)) {
        stream.next();
        Awaitility.await()
            .pollDelay(1, TimeUnit.SECONDS)
            .untilAsserted(() ->
                assertThat(server.meters.counter("polder.flight.bytes").count())
                    .isBetween(1.0, 64e6));
        assertThat(server.sessions.peakMemory()).isLessThan(64L << 20);
        stream.cancel("done", null);
      }
      Awaitility.await().untilAsserted(() -> assertThat(server.sessions.memory()).isZero());
    }
  }

  @Test
  void aReaderThatNeverComesBackIsGivenUp() throws Exception {
    try (DuckServer server = new DuckServer(small(), new FlightTls.Plaintext());
        FlightClients client = FlightClients.of(server.target(), allocator)) {
      FlightInfo info =
          client.sql.execute("SELECT range AS i FROM range(200000000)", client.options);
      try (FlightStream stream =
          client.sql.getStream(info.getEndpoints().get(0).getTicket(), client.options)) {
        stream.next();
        Awaitility.await().untilAsserted(() -> assertThat(server.sessions.memory()).isZero());
        assertThatThrownBy(
                () -> {
                  while (stream.next()) {
                    stream.getRoot().clear();
                  }
                })
            .hasMessageContaining("STATEMENT_TIMEOUT");
      }
    }
  }

  @Test
  void giantBatchesAreSplit() throws Exception {
    try (DuckServer server = new DuckServer(small(), new FlightTls.Plaintext());
        FlightClients client = FlightClients.of(server.target(), allocator)) {
      List<List<Object>> rows =
          client.query(
              "SELECT range AS i, 'v' || range AS s, [range, NULL] AS l FROM range(60001)");
      assertThat(rows).hasSize(60_001);
      for (int i = 0; i < rows.size(); i++) {
        assertThat(rows.get(i).get(0)).isEqualTo((long) i);
        assertThat(rows.get(i).get(1)).isEqualTo("v" + i);
        assertThat(((List<?>) rows.get(i).get(2)).get(0)).isEqualTo((long) i);
      }
    }
  }

  @Test
  void aHugeStatementIsRefusedAndTheServerLives() throws Exception {
    try (DuckServer server = new DuckServer(small(), new FlightTls.Plaintext());
        FlightClients client = FlightClients.of(server.target(), allocator)) {
      String huge = "SELECT '" + "x".repeat(8 << 20) + "'";
      assertThatThrownBy(() -> client.update(huge)).isInstanceOf(FlightRuntimeException.class);
      assertThat(client.query("SELECT 1")).hasSize(1);
    }
  }

  @Test
  void aCertificateProtectsTheDoorForThoseWhoTrustIt() throws Exception {
    FlightTls.Pem tls = TestCertificate.in(directory);
    try (DuckServer server = new DuckServer(D, tls);
        InputStream certificate = Files.newInputStream(tls.certificateChain());
        FlightClient client =
            FlightClient.builder(allocator, Location.forGrpcTls("localhost", server.door.port()))
                .useTls()
                .trustedCertificates(certificate)
                .build();
        FlightClient untrusting =
            FlightClient.builder(allocator, Location.forGrpcTls("localhost", server.door.port()))
                .useTls()
                .build()) {
      assertThat(server.door.location().getScheme()).isEqualTo("grpc+tls");
      assertThat(client.authenticateBasicToken("alice", "se:cret")).isPresent();
      assertThatThrownBy(() -> FlightClients.of(server.target(), allocator))
          .isInstanceOf(FlightRuntimeException.class);
      assertThatThrownBy(() -> untrusting.authenticateBasicToken("alice", "se:cret"))
          .isInstanceOf(FlightRuntimeException.class);
    }
  }

  @Test
  void plaintextBeyondLoopbackIsRefused() {
    assertThatThrownBy(() ->
            FlightDoor.start(
                FlightOptions.of("0.0.0.0", 0, new FlightTls.Plaintext()),
                null,
                new TestLogin(),
                new io.micrometer.core.instrument.simple.SimpleMeterRegistry()))
        .isInstanceOf(PolderException.class)
        .hasMessageContaining("plain text");
  }

  private FlightSqlClient plain(DuckServer server) {
    return new FlightSqlClient(
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", server.door.port()))
            .build());
  }
}
