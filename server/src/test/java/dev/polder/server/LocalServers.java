package dev.polder.server;

import dev.polder.model.Secret;
import dev.polder.server.client.Credentials;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.QueryResult;
import dev.polder.server.client.Target;
import dev.polder.server.config.Configuration;
import dev.polder.server.config.ConfigurationReader;
import dev.polder.server.config.Machine;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whole servers on free ports of this machine, and sessions on them. */
final class LocalServers {
  static final String ADMIN_PASSWORD = "correct horse battery";

  private LocalServers() {}

  /** A configuration from keys alone, as the environment would give them. */
  static Configuration configuration(Path data, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("POLDER_DATA_DIR", data.toString());
    environment.put("POLDER_HTTP_PORT", "0");
    environment.put("POLDER_FLIGHT_PORT", "0");
    environment.put("POLDER_ADMIN_PASSWORD", ADMIN_PASSWORD);
    environment.put("POLDER_ENGINE_MEMORY_LIMIT", "256MiB");
    return ConfigurationReader.read(null, environment, Machine.current()).configuration();
  }

  static RunningServer start(Path data, Map<String, String> more) {
    return PolderServer.start(configuration(data, more));
  }

  /** One of several servers that share a PostgreSQL metastore and a warehouse. */
  static RunningServer sharing(
      EmbeddedPostgres postgres, Path directory, String name, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("POLDER_METASTORE_URL", postgres.getJdbcUrl("postgres", "postgres"));
    environment.put("POLDER_METASTORE_USER", "postgres");
    environment.put("POLDER_METASTORE_PASSWORD", "postgres");
    environment.put("POLDER_WAREHOUSE_LOCATION", directory.resolve("warehouse").toString());
    return start(directory.resolve(name), environment);
  }

  static PolderClient session(RunningServer server, String user, String password) {
    return session(server, user, password, null);
  }

  static PolderClient session(
      RunningServer server, String user, String password, @Nullable String database) {
    return session(server.endpoints().http(), user, password, database);
  }

  /** The administrator of a server in another process. */
  static PolderClient admin(URI http) {
    return session(http, "admin", ADMIN_PASSWORD, null);
  }

  private static PolderClient session(
      URI http, String user, String password, @Nullable String database) {
    PolderClient client =
        new PolderClient(
            new Target(http, database, null),
            new Credentials.UserPassword(user, Secret.of(password)));
    client.login();
    client.openSession();
    return client;
  }

  static PolderClient admin(RunningServer server) {
    return session(server, "admin", ADMIN_PASSWORD);
  }

  /** The only value of a query, as text. */
  static String value(PolderClient client, String sql) {
    QueryResult result = client.execute(sql);
    return result.rows().getFirst().getFirst().asText();
  }
}
