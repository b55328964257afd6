package dev.polder.server.clients;

import dev.polder.door.flight.AdbcContract;
import dev.polder.door.flight.ServerUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class AdbcClientTest extends AdbcContract {
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
