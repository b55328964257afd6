package dev.polder.server.clients;

import dev.polder.door.flight.ServerUnderTest;
import dev.polder.server.TestServer;
import java.util.Map;

/** The real server, with what the doors' contracts need: a database and a second principal. */
final class ContractServer implements AutoCloseable {
  private static final String OTHER = "other";
  private static final String OTHER_PASSWORD = "another password of tests";

  private final TestServer server = new TestServer(Map.of());

  ContractServer() {
    server.admin("CREATE USER " + OTHER + " PASSWORD '" + OTHER_PASSWORD + "' TENANT \"default\"");
    server.admin("GRANT SELECT ON SCHEMA main TO USER " + OTHER);
  }

  TestServer server() {
    return server;
  }

  ServerUnderTest target() {
    return new ServerUnderTest(
        server.endpoints().flight(),
        TestServer.ADMIN,
        TestServer.PASSWORD,
        OTHER,
        OTHER_PASSWORD,
        "default");
  }

  @Override
  public void close() {
    server.close();
  }
}
