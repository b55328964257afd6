package dev.polder.server.clients;

import dev.polder.door.flight.ServerUnderTest;
import dev.polder.server.LiveServer;
import java.util.Map;

/** The real server, with what the doors' contracts need: a database and a second principal. */
final class ContractServer implements AutoCloseable {
  private static final String OTHER = "other";
  private static final String OTHER_PASSWORD = "another password of tests";

  private final LiveServer server = new LiveServer(Map.of());

  ContractServer() {
    server.admin("CREATE USER " + OTHER + " PASSWORD '" + OTHER_PASSWORD + "' TENANT \"default\"");
    server.admin("GRANT SELECT ON SCHEMA main TO USER " + OTHER);
  }

  LiveServer server() {
    return server;
  }

  ServerUnderTest target() {
    return new ServerUnderTest(
        server.endpoints().flight(),
        LiveServer.ADMIN,
        LiveServer.PASSWORD,
        OTHER,
        OTHER_PASSWORD,
        "default");
  }

  @Override
  public void close() {
    server.close();
  }
}
