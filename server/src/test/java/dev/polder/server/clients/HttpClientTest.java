package dev.polder.server.clients;

import dev.polder.door.http.HttpContract;
import dev.polder.server.LiveServer;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class HttpClientTest extends HttpContract {
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
  protected URI baseUri() {
    return server.server().http();
  }

  @Override
  protected String user() {
    return LiveServer.ADMIN;
  }

  @Override
  protected String password() {
    return LiveServer.PASSWORD;
  }
}
