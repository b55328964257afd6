package dev.polder.server;

import dev.polder.model.Secret;
import dev.polder.server.client.Credentials;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.Target;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.Map;

/**
 * A server with the tenants {@code acme}, whose administrator is {@code chief} and whose database
 * is {@code shop}, and {@code other}, with {@code rival} and {@code elsewhere}.
 */
final class ManagementServer implements AutoCloseable {
  final RunningServer server;
  final PolderClient admin;
  final PolderClient inShop;
  final ManagementClient ofAdmin;
  final ManagementClient chief;
  final ManagementClient rival;
  private final HttpClient http = HttpClient.newHttpClient();

  ManagementServer(Path data) {
    this(LocalServers.start(data, Map.of()));
  }

  ManagementServer(RunningServer started) {
    server = started;
    admin = LocalServers.admin(server);
    for (String tenant : new String[] {"acme", "other"}) {
      admin.execute("CREATE TENANT " + tenant);
    }
    admin.execute("CREATE DATABASE shop FOR TENANT acme");
    admin.execute("CREATE DATABASE elsewhere FOR TENANT other");
    administrator("chief", "acme");
    administrator("rival", "other");
    inShop = session("shop", "acme");
    inShop.execute("CREATE TABLE orders (id BIGINT NOT NULL, item VARCHAR)");
    inShop.execute("INSERT INTO orders VALUES (1, 'x'), (2, 'y')");
    inShop.execute("CREATE TABLE secret (id BIGINT NOT NULL)");
    inShop.execute("CREATE VIEW few AS SELECT * FROM orders WHERE id < 2");
    ofAdmin = client(token("admin"), "acme");
    chief = client(token("chief"), "");
    rival = client(token("rival"), "");
  }

  private void administrator(String name, String tenant) {
    admin.execute("CREATE USER " + name + " PASSWORD 'correct horse battery' TENANT " + tenant);
    admin.execute("GRANT ROLE tenant_admin TO USER " + name);
  }

  PolderClient session(String database, String tenant) {
    PolderClient client =
        new PolderClient(
            new Target(server.endpoints().http(), database, tenant),
            new Credentials.UserPassword("admin", Secret.of(LocalServers.ADMIN_PASSWORD)));
    client.login();
    client.openSession();
    return client;
  }

  /** A token of a principal's, made by the administrator. */
  String token(String principal) {
    return TwoServers.text(
        admin.execute("CREATE TOKEN t" + System.nanoTime() + " FOR USER " + principal), "token");
  }

  ManagementClient client(String token, String realm) {
    return new ManagementClient(http, server.endpoints().http(), token, realm);
  }

  @Override
  public void close() throws IOException {
    http.close();
    inShop.close();
    admin.close();
    server.close();
  }
}
