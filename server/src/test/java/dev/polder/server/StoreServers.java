package dev.polder.server;

import dev.polder.lake.S3Server;
import dev.polder.lake.io.S3Settings;
import dev.polder.model.Secret;
import dev.polder.s3.GuardedStore;
import dev.polder.server.client.Credentials;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.Target;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Servers with a warehouse in a bucket, and the principals that tests of delegation need. */
final class StoreServers {
  static final String PASSWORD = "correct horse battery";

  private StoreServers() {}

  /** One that signs requests. */
  static RunningServer signing(Path data, String bucket, Map<String, String> more) {
    S3Settings store = S3Server.running().settings();
    return start(data, bucket, store.endpoint().orElseThrow(), more);
  }

  /** A store that gives temporary keys, before the S3 server of the tests. */
  static GuardedStore guarded() {
    S3Settings behind = S3Server.running().settings();
    S3Settings.Keys keys = behind.keys().orElseThrow();
    return new GuardedStore(
        new GuardedStore.Backend(
            behind.endpoint().orElseThrow(), keys.id(), keys.secret().reveal()));
  }

  /** One that gives temporary keys of a store that holds them to their policies. */
  static RunningServer vending(
      Path data, String bucket, GuardedStore store, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("POLDER_WAREHOUSE_S3_STS_ROLE_ARN", GuardedStore.ROLE);
    settings.put("POLDER_WAREHOUSE_S3_STS_ENDPOINT", store.endpoint());
    return start(data, bucket, store.endpoint(), settings);
  }

  private static RunningServer start(
      Path data, String bucket, String endpoint, Map<String, String> more) {
    S3Settings.Keys keys = S3Server.running().settings().keys().orElseThrow();
    Map<String, String> settings = new HashMap<>(more);
    settings.put("POLDER_WAREHOUSE_LOCATION", "s3://" + bucket + "/warehouse");
    settings.put("POLDER_WAREHOUSE_S3_ENDPOINT", endpoint);
    settings.put("POLDER_WAREHOUSE_S3_PATH_STYLE", "true");
    settings.put("POLDER_WAREHOUSE_S3_ACCESS_KEY", keys.id());
    settings.put("POLDER_WAREHOUSE_S3_SECRET_KEY", keys.secret().reveal());
    return LocalServers.start(data, settings);
  }

  /** The administrator in a tenant's database. */
  static PolderClient admin(RunningServer server, String database, String tenant) {
    PolderClient client =
        new PolderClient(
            new Target(server.endpoints().http(), database, tenant),
            new Credentials.UserPassword("admin", Secret.of(LocalServers.ADMIN_PASSWORD)));
    client.login();
    client.openSession();
    return client;
  }

  /** Makes tenants, each with a database {@code <tenant>_shop} and a user of its own. */
  static void tenants(PolderClient admin, List<String> tenants, BiConsumer<String, String> each) {
    for (String tenant : tenants) {
      admin.execute("CREATE TENANT " + tenant);
      admin.execute("CREATE DATABASE " + tenant + "_shop FOR TENANT " + tenant);
      admin.execute(
          "CREATE USER user_of_" + tenant + " PASSWORD '" + PASSWORD + "' TENANT " + tenant);
      each.accept(tenant, tenant + "_shop");
    }
  }

  /** A user's token for engines. */
  static String token(RunningServer server, String user, String database) {
    try (PolderClient client = LocalServers.session(server, user, PASSWORD, database)) {
      return TwoServers.text(client.execute("CREATE TOKEN engines"), "token");
    }
  }
}
