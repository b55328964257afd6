package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.server.client.PolderClient;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans of scans outlive the server that made them, and other servers know them. */
final class IcebergScanPlanLifeTest {
  private static final int FILES = 1_200;

  @TempDir Path directory;

  @Test
  void a_plan_goes_on_after_a_restart() throws IOException {
    ScanPlans.Reply plan;
    String token;
    try (RunningServer server = LocalServers.start(directory.resolve("data"), Map.of())) {
      token = fill(server);
      plan = new ScanPlans(server, token, "shop").plan("orders", "{}");
    }
    try (RunningServer server = LocalServers.start(directory.resolve("data"), Map.of())) {
      assertComplete(new ScanPlans(server, token, "shop"), plan);
    }
  }

  @Test
  void a_plan_of_one_server_goes_on_at_another() throws IOException {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        RunningServer east = server(postgres, "east", "shared.key");
        RunningServer west = server(postgres, "west", "shared.key");
        RunningServer stranger = server(postgres, "stranger", "another.key")) {
      String token = fill(east);
      ScanPlans.Reply plan = new ScanPlans(east, token, "shop").plan("orders", "{}");
      assertComplete(new ScanPlans(west, token, "shop"), plan);
      assertThat(
              new ScanPlans(stranger, token, "shop")
                  .tasks("orders", plan.tasks().getFirst())
                  .type())
          .isEqualTo("NoSuchPlanTaskException");
    }
  }

  private RunningServer server(EmbeddedPostgres postgres, String name, String key) {
    Map<String, String> settings = new HashMap<>();
    settings.put("POLDER_METASTORE_URL", postgres.getJdbcUrl("postgres", "postgres"));
    settings.put("POLDER_METASTORE_USER", "postgres");
    settings.put("POLDER_METASTORE_PASSWORD", "postgres");
    settings.put("POLDER_WAREHOUSE_LOCATION", directory.resolve("warehouse").toString());
    settings.put("POLDER_MIRROR_KEY_FILE", directory.resolve(key).toString());
    return LocalServers.start(directory.resolve(name), settings);
  }

  private static String fill(RunningServer server) throws IOException {
    try (PolderClient admin = LocalServers.admin(server)) {
      admin.execute("CREATE DATABASE shop");
      String token = TwoServers.text(admin.execute("CREATE TOKEN plans"), "token");
      try (RESTCatalog catalog = IcebergCatalogs.open(server, "shop", token)) {
        ScanPlans.appendEmptyFiles(
            catalog.createTable(
                TableIdentifier.of(Namespace.of("main"), "orders"), IcebergCatalogs.ORDERS),
            FILES);
      }
      return token;
    }
  }

  private static void assertComplete(ScanPlans plans, ScanPlans.Reply plan) {
    assertThat(plan.tasks()).isNotEmpty();
    List<String> all = plans.allFiles("orders", plan);
    assertThat(all).hasSize(FILES).doesNotHaveDuplicates();
    ScanPlans.Reply again = plans.send("GET", "orders/plan/" + plan.planId(), "");
    assertThat(again.files()).isEqualTo(plan.files());
    assertThat(plans.send("DELETE", "orders/plan/" + plan.planId(), "").status()).isEqualTo(204);
  }
}
