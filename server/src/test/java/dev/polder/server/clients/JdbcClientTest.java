package dev.polder.server.clients;

import dev.polder.door.flight.JdbcContract;
import dev.polder.door.flight.ServerUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class JdbcClientTest extends JdbcContract {
  private static ContractServer server;

  @BeforeAll
  static void start() {
    server = new ContractServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  protected ServerUnderTest server() {
    return server.target();
  }
}
