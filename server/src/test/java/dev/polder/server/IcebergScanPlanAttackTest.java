package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.model.Secret;
import dev.polder.server.client.Credentials;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What somebody tries with plans of scans that are not theirs, not theirs any more, or not plans.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IcebergScanPlanAttackTest {
  private static final String UNKNOWN_TASK = "NoSuchPlanTaskException";
  private static final String UNKNOWN_PLAN = "NoSuchPlanIdException";

  @TempDir static Path directory;
  private RunningServer server;
  private PolderClient admin;
  private PolderClient shop;
  private RESTCatalog catalog;
  private ScanPlans ofAdmin;
  private ScanPlans ofMallory;

  @BeforeAll
  void start() {
    server = LocalServers.start(directory.resolve("data"), Map.of());
    admin = LocalServers.admin(server);
    admin.execute("CREATE TENANT acme");
    admin.execute("CREATE DATABASE shop FOR TENANT acme");
    admin.execute("CREATE DATABASE other FOR TENANT acme");
    admin.execute("CREATE USER mallory PASSWORD 'correct horse battery' TENANT acme");
    shop =
        new PolderClient(
            new Target(server.endpoints().http(), "shop", "acme"),
            new Credentials.UserPassword("admin", Secret.of(LocalServers.ADMIN_PASSWORD)));
    shop.login();
    shop.openSession();
    String adminToken = TwoServers.text(admin.execute("CREATE TOKEN plans"), "token");
    catalog = IcebergCatalogs.open(server, "acme@shop", adminToken);
    for (String name : List.of("plain", "granted", "dropped", "filtered", "masked", "secret")) {
      Table table = catalog.createTable(table(name), IcebergCatalogs.ORDERS);
      ScanPlans.appendEmptyFiles(table, 1_100);
      if (!name.equals("secret")) {
        shop.execute("GRANT SELECT ON TABLE " + name + " TO USER mallory");
      }
    }
    ofAdmin = new ScanPlans(server, adminToken, "acme%40shop");
    try (PolderClient mallory =
        LocalServers.session(server, "mallory", "correct horse battery", "shop")) {
      ofMallory =
          new ScanPlans(
              server, TwoServers.text(mallory.execute("CREATE TOKEN plans"), "token"), "shop");
    }
  }

  private static TableIdentifier table(String name) {
    return TableIdentifier.of(Namespace.of("main"), name);
  }

  @AfterAll
  void stop() throws IOException {
    catalog.close();
    shop.close();
    admin.close();
    server.close();
  }

  @Test
  void a_table_without_a_grant_has_no_plan() {
    ScanPlans.Reply plan = ofAdmin.plan("secret", "{}");
    for (ScanPlans.Reply refused :
        List.of(
            ofMallory.plan("secret", "{}"),
            ofMallory.tasks("secret", plan.tasks().getFirst()),
            ofMallory.send("GET", "secret/plan/" + plan.planId(), ""),
            ofMallory.send("DELETE", "secret/plan/" + plan.planId(), ""))) {
      assertThat(refused.status()).isEqualTo(404);
      assertThat(refused.type()).isEqualTo("NoSuchTableException");
    }
  }

  @Test
  void somebody_elses_plan_is_unknown() {
    ScanPlans.Reply plan = ofAdmin.plan("plain", "{}");
    assertThat(ofMallory.tasks("plain", plan.tasks().getFirst()).type()).isEqualTo(UNKNOWN_TASK);
    assertThat(ofMallory.send("GET", "plain/plan/" + plan.planId(), "").type())
        .isEqualTo(UNKNOWN_PLAN);
    assertThat(ofMallory.send("DELETE", "plain/plan/" + plan.planId(), "").status()).isEqualTo(404);
  }

  @Test
  void a_plan_of_one_table_is_unknown_at_another() {
    ScanPlans.Reply plan = ofMallory.plan("plain", "{}");
    assertThat(ofMallory.tasks("granted", plan.tasks().getFirst()).type()).isEqualTo(UNKNOWN_TASK);
    assertThat(ofMallory.send("GET", "granted/plan/" + plan.planId(), "").type())
        .isEqualTo(UNKNOWN_PLAN);
  }

  @Test
  void what_was_not_given_out_is_unknown() {
    ScanPlans.Reply plan = ofMallory.plan("plain", "{}");
    String task = plan.tasks().getFirst();
    char flipped = task.charAt(task.length() / 2) == 'A' ? 'B' : 'A';
    for (String tampered :
        List.of(
            task.substring(0, task.length() / 2) + flipped + task.substring(task.length() / 2 + 1),
            task.substring(1),
            task.substring(0, 40),
            task + task,
            plan.planId(),
            "x",
            "../../secret",
            "%00",
            "AAAA".repeat(100_000))) {
      ScanPlans.Reply refused = ofMallory.tasks("plain", tampered);
      assertThat(refused.status()).isEqualTo(404);
      assertThat(refused.type()).isEqualTo(UNKNOWN_TASK);
    }
    for (String id : List.of("x", task, plan.planId() + "AA", "..%2F..%2Fsecret", "%2e%2e")) {
      for (String method : List.of("GET", "DELETE")) {
        assertThat(ofMallory.send(method, "plain/plan/" + id, "").status())
            .as(method + " " + id)
            .isBetween(400, 404);
      }
    }
  }

  @Test
  void cancelling_is_done_each_time() {
    String plan = "plain/plan/" + ofMallory.plan("plain", "{}").planId();
    assertThat(ofMallory.send("DELETE", plan, "").status()).isEqualTo(204);
    assertThat(ofMallory.send("DELETE", plan, "").status()).isEqualTo(204);
  }

  @Test
  void a_plan_ends_with_the_grant() {
    ScanPlans.Reply plan = ofMallory.plan("granted", "{}");
    assertThat(ofMallory.tasks("granted", plan.tasks().getFirst()).status()).isEqualTo(200);
    shop.execute("REVOKE SELECT ON TABLE granted FROM USER mallory");
    assertThat(ofMallory.tasks("granted", plan.tasks().getFirst()).status()).isEqualTo(404);
    assertThat(ofMallory.send("GET", "granted/plan/" + plan.planId(), "").status()).isEqualTo(404);
    assertThat(ofMallory.plan("granted", "{}").status()).isEqualTo(404);
    shop.execute("GRANT INSERT ON TABLE granted TO USER mallory");
    assertThat(ofMallory.tasks("granted", plan.tasks().getFirst()).status()).isEqualTo(403);
    shop.execute("GRANT SELECT ON TABLE granted TO USER mallory");
    assertThat(ofMallory.tasks("granted", plan.tasks().getFirst()).status()).isEqualTo(200);
  }

  @Test
  void who_is_under_a_row_filter_or_mask_gets_no_plan() {
    ScanPlans.Reply filtered = ofMallory.plan("filtered", "{}");
    ScanPlans.Reply masked = ofMallory.plan("masked", "{}");
    shop.execute("CREATE ROW FILTER few ON filtered USING (id < 3)");
    shop.execute("CREATE COLUMN MASK hidden ON masked (item) USING ('***')");
    for (ScanPlans.Reply refused :
        List.of(
            ofMallory.plan("filtered", "{}"),
            ofMallory.tasks("filtered", filtered.tasks().getFirst()),
            ofMallory.send("GET", "filtered/plan/" + filtered.planId(), ""),
            ofMallory.send("DELETE", "filtered/plan/" + filtered.planId(), ""),
            ofMallory.plan("masked", "{}"),
            ofMallory.tasks("masked", masked.tasks().getFirst()))) {
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.message()).contains("row filter or mask");
    }
  }

  @Test
  void a_plan_ends_with_its_table_and_is_not_of_one_that_has_its_name() {
    ScanPlans.Reply plan = ofMallory.plan("dropped", "{}");
    shop.execute("DROP TABLE dropped");
    assertThat(ofMallory.tasks("dropped", plan.tasks().getFirst()).type())
        .isEqualTo("NoSuchTableException");
    shop.execute("CREATE TABLE dropped (id BIGINT NOT NULL, item VARCHAR)");
    shop.execute("GRANT SELECT ON TABLE dropped TO USER mallory");
    assertThat(ofMallory.tasks("dropped", plan.tasks().getFirst()).type()).isEqualTo(UNKNOWN_TASK);
    assertThat(ofMallory.send("GET", "dropped/plan/" + plan.planId(), "").type())
        .isEqualTo(UNKNOWN_PLAN);
  }

  @Test
  void a_request_that_makes_no_sense_is_a_bad_one() {
    String deep = "{\"type\":\"not\",\"child\":".repeat(5_000) + "true" + "}".repeat(5_000);
    for (String request :
        List.of(
            "[]",
            "null",
            "{\"filter\":null}",
            "{\"filter\":" + deep + "}",
            "{\"filter\":{\"type\":\"eq\",\"term\":\"nosuch\",\"value\":1}}",
            "{\"filter\":{\"type\":\"eq\",\"term\":\"id\",\"value\":\"text\"}}",
            "{\"filter\":{\"type\":\"nosuch\",\"term\":\"id\",\"value\":1}}",
            "{\"snapshot-id\":1}",
            "{\"snapshot-id\":1,\"start-snapshot-id\":1,\"end-snapshot-id\":2}",
            "{\"start-snapshot-id\":1,\"end-snapshot-id\":2}",
            "{\"min-rows-requested\":-1}",
            "{\"stats-fields\":[\"nosuch\"]}")) {
      ScanPlans.Reply refused = ofMallory.plan("plain", request);
      assertThat(refused.status()).as(request + " " + refused.body()).isEqualTo(400);
      assertThat(refused.body().toString()).doesNotContain("at dev.polder");
    }
  }

  @Test
  void a_huge_select_is_harmless_and_a_huge_filter_refused() {
    String names =
        IntStream.range(0, 100_000)
            .mapToObj(i -> "\"column_" + i + "\"")
            .collect(Collectors.joining(","));
    ScanPlans.Reply selected = ofMallory.plan("plain", "{\"select\":[" + names + "]}");
    assertThat(selected.status()).isEqualTo(200);
    assertThat(selected.body().toString()).doesNotContain("column_");
    assertThat(selected.planId()).hasSizeLessThan(1_000);
    ScanPlans.Reply refused = ofMallory.plan("plain", in(50_000));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.message()).contains("filter");
  }

  @Test
  void a_large_filter_has_small_pages_and_no_id_to_be_fetched_by() {
    ScanPlans.Reply plan = ofMallory.plan("plain", in(20_000));
    assertThat(plan.status()).isEqualTo(200);
    assertThat(plan.files()).hasSizeBetween(1, 100);
    assertThat(ofMallory.allFiles("plain", plan)).hasSize(1_100).doesNotHaveDuplicates();
    assertThat(ofMallory.send("GET", "plain/plan/" + plan.planId(), "").type())
        .isEqualTo(UNKNOWN_PLAN);
    assertThat(ofMallory.send("DELETE", "plain/plan/" + plan.planId(), "").status()).isEqualTo(204);
  }

  private static String in(int values) {
    return "{\"filter\":{\"type\":\"in\",\"term\":\"id\",\"values\":["
        + IntStream.range(0, values)
            .mapToObj(i -> Integer.toString(i * 7_919 % 1_000_003))
            .collect(Collectors.joining(","))
        + "]}}";
  }
}
