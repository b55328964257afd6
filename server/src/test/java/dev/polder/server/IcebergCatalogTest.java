package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polder.server.client.PolderClient;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableCommit;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NamespaceNotEmptyException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.rest.Endpoint;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Iceberg's own client and SQL on the same tables. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IcebergCatalogTest {
  private static final Namespace MAIN = Namespace.of("main");
  private static final TableIdentifier ORDERS = TableIdentifier.of(MAIN, "orders");

  @TempDir static Path directory;
  private RunningServer server;
  private PolderClient sql;
  private RESTCatalog catalog;
  private String database;
  private String token;

  @BeforeAll
  void start() {
    server = LocalServers.start(directory.resolve("data"), Map.of());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @BeforeEach
  void database() {
    database = "d" + UUID.randomUUID().toString().replace('-', '_');
    sql = LocalServers.admin(server);
    sql.execute("CREATE DATABASE " + database);
    sql.execute("USE " + database);
    token = TwoServers.text(sql.execute("CREATE TOKEN t_" + database), "token");
    catalog = IcebergCatalogs.open(server, database, token);
  }

  @AfterEach
  void close() throws IOException {
    catalog.close();
    sql.close();
  }

  @Test
  void a_table_made_by_one_is_read_and_written_by_the_other() {
    sql.execute("CREATE TABLE orders (id BIGINT NOT NULL, item VARCHAR)");
    sql.execute("INSERT INTO orders VALUES (0, 'item 0')");
    Table table = catalog.loadTable(ORDERS);
    assertThat(table.currentSnapshot().summary()).containsEntry("total-records", "1");
    table.newAppend().appendFile(IcebergCatalogs.write(table, 1, 100)).commit();
    assertThat(LocalServers.value(sql, "SELECT sum(id) FROM orders")).isEqualTo("4950");

    Table made = catalog.createTable(TableIdentifier.of(MAIN, "made"), IcebergCatalogs.ORDERS);
    made.newAppend().appendFile(IcebergCatalogs.write(made, 0, 10)).commit();
    sql.execute("DELETE FROM made WHERE id < 5");
    sql.execute("INSERT INTO made VALUES (50, 'x')");
    made.refresh();
    assertThat(made.currentSnapshot().summary()).containsEntry("total-records", "6");
    assertThat(LocalServers.value(sql, "SELECT string_agg(id, ',' ORDER BY id) FROM made"))
        .isEqualTo("5,6,7,8,9,50");
  }

  @Test
  void a_commit_asks_the_store_for_nothing_of_older_snapshots() throws IOException {
    Table table = catalog.createTable(ORDERS, IcebergCatalogs.ORDERS);
    for (int i = 0; i < 3; i++) {
      table.newFastAppend().appendFile(IcebergCatalogs.write(table, i, i + 1)).commit();
    }
    String oldest = table.snapshots().iterator().next().manifestListLocation();
    Files.delete(Path.of(URI.create(oldest).getPath()));
    table.newFastAppend().appendFile(IcebergCatalogs.write(table, 3, 4)).commit();
    assertThat(LocalServers.value(sql, "SELECT sum(id) FROM orders")).isEqualTo("6");
  }

  @Test
  void commits_to_one_table_at_once_all_land_and_one_that_cannot_fails_alone() throws Exception {
    catalog.createTable(ORDERS, IcebergCatalogs.ORDERS);
    int clients = 8;
    int each = 10;
    CyclicBarrier start = new CyclicBarrier(clients);
    List<Future<Integer>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        int client = i;
        running.add(
            threads.submit(() -> {
              Table own = catalog.loadTable(ORDERS);
              int refused = 0;
              for (int k = 0; k < each; k++) {
                start.await();
                own.updateProperties().set("p." + client + "." + k, "x").commit();
                if (client == 0) {
                  assertThatThrownBy(
                          () -> own.updateProperties().set("gc.enabled", "true").commit())
                      .hasMessageContaining("gc.enabled");
                  refused++;
                }
              }
              return refused;
            }));
      }
    }
    int refused = 0;
    for (Future<Integer> done : running) {
      refused += done.get();
    }
    assertThat(refused).isEqualTo(each);
    TableMetadata last = ((BaseTable) catalog.loadTable(ORDERS)).operations().current();
    assertThat(last.properties().keySet().stream().filter(name -> name.startsWith("p.")))
        .hasSize(clients * each);
    assertThat(last.properties()).doesNotContainEntry("gc.enabled", "true");
    assertThat(last.previousFiles()).as("a version for each").hasSize(clients * each);
  }

  @Test
  void a_schema_changed_by_one_is_the_others() {
    Table table = catalog.createTable(ORDERS, IcebergCatalogs.ORDERS);
    table.newAppend().appendFile(IcebergCatalogs.write(table, 0, 3)).commit();
    table
        .updateSchema()
        .renameColumn("item", "name")
        .addColumn("price", org.apache.iceberg.types.Types.DoubleType.get())
        .commit();
    assertThat(LocalServers.value(sql, "SELECT max(name) FROM orders WHERE price IS NULL"))
        .isEqualTo("item 2");
    sql.execute("ALTER TABLE orders DROP COLUMN price");
    table.refresh();
    assertThat(table.schema().columns()).extracting("name").isEqualTo(List.of("id", "name"));
  }

  @Test
  void a_clone_has_an_identity_of_its_own_and_keeps_its_rows() throws IOException {
    Table table = catalog.createTable(ORDERS, IcebergCatalogs.ORDERS);
    table.newAppend().appendFile(IcebergCatalogs.write(table, 0, 3)).commit();
    String clone = database + "_c";
    sql.execute("CLONE DATABASE " + clone + " FROM " + database);
    try (RESTCatalog other = IcebergCatalogs.open(server, clone, token)) {
      Table copy = other.loadTable(ORDERS);
      assertThat(copy.uuid()).isNotEqualTo(table.uuid());
      assertThat(copy.location()).isNotEqualTo(table.location());
      copy.newAppend().appendFile(IcebergCatalogs.write(copy, 3, 5)).commit();
      table
          .newDelete()
          .deleteFromRowFilter(org.apache.iceberg.expressions.Expressions.alwaysTrue())
          .commit();
      sql.execute("USE " + clone);
      assertThat(LocalServers.value(sql, "SELECT count(*) FROM orders")).isEqualTo("5");
      sql.execute("USE " + database);
      assertThat(LocalServers.value(sql, "SELECT count(*) FROM orders")).isEqualTo("0");
    }
  }

  @Test
  void several_tables_change_together_or_not_at_all() {
    Table left = catalog.createTable(TableIdentifier.of(MAIN, "l"), IcebergCatalogs.ORDERS);
    Table right = catalog.createTable(TableIdentifier.of(MAIN, "r"), IcebergCatalogs.ORDERS);
    Transaction one = left.newTransaction();
    one.newAppend().appendFile(IcebergCatalogs.write(left, 0, 2)).commit();
    Transaction two = right.newTransaction();
    two.newAppend().appendFile(IcebergCatalogs.write(right, 0, 3)).commit();
    TableCommit first = commit("l", one, left);
    TableCommit second = commit("r", two, right);
    right.newAppend().appendFile(IcebergCatalogs.write(right, 7, 8)).commit();
    assertThatThrownBy(() -> catalog.commitTransaction(first, second))
        .isInstanceOf(CommitFailedException.class);
    assertThat(LocalServers.value(sql, "SELECT count(*) FROM l")).isEqualTo("0");

    right.refresh();
    Transaction again = right.newTransaction();
    again.newAppend().appendFile(IcebergCatalogs.write(right, 0, 3)).commit();
    catalog.commitTransaction(first, commit("r", again, right));
    assertThat(
            LocalServers.value(sql, "SELECT (SELECT count(*) FROM l) + (SELECT count(*) FROM r)"))
        .isEqualTo("6");
  }

  private static TableCommit commit(String name, Transaction transaction, Table table) {
    TableMetadata base = ((org.apache.iceberg.BaseTable) table).operations().current();
    TableMetadata built = ((org.apache.iceberg.BaseTransaction) transaction).currentMetadata();
    return TableCommit.create(TableIdentifier.of(MAIN, name), base, built);
  }

  @Test
  void namespaces_nest_and_an_outer_one_goes_last() {
    catalog.createNamespace(Namespace.of("a"), new HashMap<>(Map.of("k", "v")));
    catalog.createNamespace(Namespace.of("a", "b"));
    assertThat(catalog.listNamespaces(Namespace.of("a"))).containsExactly(Namespace.of("a", "b"));
    assertThat(catalog.listNamespaces()).containsExactly(Namespace.of("a"), MAIN);
    catalog.createTable(TableIdentifier.of(Namespace.of("a", "b"), "t"), IcebergCatalogs.ORDERS);
    assertThat(LocalServers.value(sql, "SELECT count(*) FROM \"a.b\".t")).isEqualTo("0");
    assertThatThrownBy(() -> catalog.dropNamespace(Namespace.of("a")))
        .isInstanceOf(NamespaceNotEmptyException.class);
    assertThatThrownBy(() -> catalog.createNamespace(Namespace.of("x", "y")))
        .isInstanceOf(NoSuchNamespaceException.class);
    sql.execute("DROP SCHEMA a CASCADE");
    assertThat(catalog.listNamespaces()).containsExactly(MAIN);
  }

  @Test
  void a_dropped_table_comes_back_by_its_metadata_file() {
    Table table = catalog.createTable(ORDERS, IcebergCatalogs.ORDERS);
    table.newAppend().appendFile(IcebergCatalogs.write(table, 0, 3)).commit();
    String file =
        ((org.apache.iceberg.BaseTable) table).operations().current().metadataFileLocation();
    assertThatThrownBy(() -> catalog.registerTable(ORDERS, file))
        .isInstanceOf(AlreadyExistsException.class);
    Table beside = catalog.registerTable(TableIdentifier.of(MAIN, "beside"), file);
    assertThat(beside.uuid()).isNotEqualTo(table.uuid());
    sql.execute("DROP TABLE orders");
    assertThat(catalog.registerTable(ORDERS, file).uuid()).isEqualTo(table.uuid());
    sql.execute("INSERT INTO orders VALUES (9, 'x')");
    sql.execute("DELETE FROM beside WHERE id = 0");
    assertThat(LocalServers.value(sql, "SELECT sum(id) FROM orders")).isEqualTo("12");
    assertThat(LocalServers.value(sql, "SELECT count(*) FROM beside")).isEqualTo("2");
  }

  @Test
  void lists_come_in_pages_and_an_unchanged_table_is_not_sent_again() throws Exception {
    for (int i = 0; i < 5; i++) {
      sql.execute("CREATE TABLE t" + i + " (id BIGINT)");
    }
    String tables = "/v1/" + database + "/namespaces/main/tables";
    List<String> names = new ArrayList<>();
    String page = "";
    do {
      HttpResponse<String> reply = get(tables + "?pageSize=2&pageToken=" + page, "");
      var json = new com.fasterxml.jackson.databind.ObjectMapper().readTree(reply.body());
      json.path("identifiers").forEach(name -> names.add(name.path("name").asText()));
      page = json.path("next-page-token").asText("");
    } while (!page.isEmpty());
    assertThat(names).containsExactly("t0", "t1", "t2", "t3", "t4");

    HttpResponse<String> first = get(tables + "/t0", "");
    String tag = first.headers().firstValue("ETag").orElseThrow();
    assertThat(get(tables + "/t0", tag).statusCode()).isEqualTo(304);
    sql.execute("INSERT INTO t0 VALUES (1)");
    assertThat(get(tables + "/t0", tag).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> get(String path, String tag) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.endpoints().http() + "/api/catalog" + path))
            .header("Authorization", "Bearer " + token);
    if (!tag.isEmpty()) {
      request.header("If-None-Match", tag);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void the_whole_specification_is_listed_and_what_is_listed_is_served() throws Exception {
    JsonNode config =
        new ObjectMapper().readTree(get("/v1/config?warehouse=" + database, "").body());
    List<String> listed = new ArrayList<>();
    config.get("endpoints").forEach(endpoint -> listed.add(endpoint.asText()));
    List<String> specified = new ArrayList<>();
    for (Field field : Endpoint.class.getFields()) {
      if (field.getType() == Endpoint.class) {
        specified.add(field.get(null).toString());
      }
    }
    assertThat(specified).hasSizeGreaterThan(20);
    assertThat(listed).containsAll(specified).doesNotHaveDuplicates();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (String endpoint : listed) {
        int space = endpoint.indexOf(' ');
        String path =
            endpoint
                .substring(space + 1)
                .replace("{prefix}", config.get("overrides").get("prefix").asText())
                .replaceAll("\\{[a-z-]+}", "nothing");
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(
                        URI.create(server.endpoints().http() + "/api/catalog" + path))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .method(endpoint.substring(0, space), HttpRequest.BodyPublishers.ofString("{}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(endpoint).isNotIn(405, 500, 501);
        assertThat(answer.body()).as(endpoint).doesNotContain("no such path");
      }
    }
  }
}
