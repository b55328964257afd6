package dev.polder.door.flight;

import dev.polder.door.flight.internal.DuckServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class JdbcTest extends JdbcContract {
  private static DuckServer server;

  @BeforeAll
  static void start() {
    server = new DuckServer();
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
