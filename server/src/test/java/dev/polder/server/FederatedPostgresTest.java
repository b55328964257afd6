package dev.polder.server;

import static dev.polder.server.LocalServers.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.server.client.PolderClient;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A database that serves a PostgreSQL source, from its making to reading, writing and changing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FederatedPostgresTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SOURCES = "/api/tenants/acme/tenant-dbs/acme_fed/federated-sources";
  private static final String PASSWORD = "correct horse";

  @TempDir static Path data;
  private EmbeddedPostgres postgres;
  private RunningServer server;
  private PolderClient root;
  private PolderClient boss;
  private PolderClient ann;

  @BeforeAll
  void start() throws Exception {
    postgres = EmbeddedPostgres.start();
    sql(
        "CREATE ROLE svc LOGIN PASSWORD 'it''s {{secret}}'",
        "CREATE TABLE orders (id bigint PRIMARY KEY, customer text, total numeric(12,2), day date)",
        "INSERT INTO orders SELECT i, 'c' || i % 10, i * 1.25, DATE '2026-01-01' + (i % 365) FROM"
            + " generate_series(1, 20000) i",
        "CREATE TABLE items (order_id bigint, qty int, note text)",
        "INSERT INTO items SELECT i, i % 7, NULL FROM generate_series(1, 20000) i",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO svc");
    server = LocalServers.start(data, Map.of());
    root = LocalServers.admin(server);
    root.execute("CREATE TENANT acme");
    root.execute("CREATE USER boss PASSWORD '" + PASSWORD + "' TENANT acme");
    root.execute("GRANT ROLE tenant_admin TO USER boss");
    root.execute("CREATE USER ann PASSWORD '" + PASSWORD + "' TENANT acme");
    call(
        root,
        "POST",
        "/api/database/create",
        JSON.createObjectNode()
            .put("tenant", "acme")
            .put("name", "fed")
            .put("kind", "memory")
            .put("defaultDatabase", "fedpg")
            .put("defaultSchema", "public"));
    boss = LocalServers.session(server, "boss", PASSWORD, "acme_fed");
    ObjectNode source = JSON.createObjectNode().put("alias", "fedpg").put("connector", "postgres");
    source
        .putObject("properties")
        .put("host", "localhost")
        .put("port", String.valueOf(postgres.getPort()))
        .put("database", "postgres")
        .put("user", "svc")
        .put("password", "{{secret.PG_PWD}}")
        .put("metadataCacheSeconds", "0");
    call(boss, "POST", SOURCES, source);
    call(
        boss,
        "PUT",
        SOURCES + "/fedpg/secrets",
        JSON.createObjectNode().put("name", "PG_PWD").put("value", "it's {{secret}}"));
    boss.execute("GRANT SELECT ON fedpg.public.orders TO USER ann");
    ann = LocalServers.session(server, "ann", PASSWORD, "acme_fed");
  }

  @AfterAll
  void stop() throws IOException {
    ann.close();
    boss.close();
    root.close();
    server.close();
    postgres.close();
  }

  private static JsonNode call(PolderClient client, String method, String path, JsonNode body) {
    return client.call(method, path, body);
  }

  private void sql(String... statements) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private String there(String query) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Test
  void unqualifiedNamesGoToTheDefaultSchemaOfTheSource() {
    assertThat(value(ann, "SELECT count(*) FROM orders")).isEqualTo("20000");
    assertThat(value(ann, "SELECT sum(total) FROM public.orders WHERE id <= 4")).isEqualTo("12.50");
    assertThat(value(ann, "SELECT max(day) FROM fedpg.public.orders")).isEqualTo("2026-12-31");
  }

  @Test
  void whatIsNotGrantedIsNamed() {
    assertThatThrownBy(() -> ann.execute("SELECT * FROM items"))
        .hasMessageContaining("missing SELECT grant on fedpg.public.items");
    assertThatThrownBy(() -> ann.execute("SELECT * FROM fedpg.public.none"))
        .hasMessageContaining("missing SELECT grant on fedpg.public.none");
    assertThatThrownBy(() -> ann.execute("DELETE FROM orders WHERE id = 1"))
        .hasMessageContaining("missing DELETE grant on fedpg.public.orders");
  }

  @Test
  void explainShowsWhatTheSourceIsAsked() {
    root.execute("GRANT SELECT ON DATABASE acme_fed TENANT acme TO USER boss");
    boss.execute("GRANT SELECT ON fedpg.public TO USER boss");
    String one = boss.execute("EXPLAIN SELECT customer FROM orders WHERE id = 5").rows().toString();
    assertThat(one).contains("source fedpg is asked").contains("orders").contains("= (5)");
    String join =
        boss.execute(
                "EXPLAIN SELECT o.customer, sum(i.qty) FROM orders o JOIN items i ON i.order_id ="
                    + " o.id WHERE o.day < DATE '2026-02-01' GROUP BY o.customer")
            .rows()
            .toString();
    assertThat(join).contains("GROUP BY").contains("JOIN");
  }

  @Test
  void aWholeQueryGivesWhatDuckDbWouldGive() {
    boss.execute("GRANT SELECT ON fedpg.public TO USER boss");
    String query =
        "SELECT o.customer, count(*) AS n, sum(i.qty)::BIGINT AS q, round(avg(o.total), 2) AS a"
            + " FROM orders o JOIN items i ON i.order_id = o.id WHERE o.id % 2 = 0 GROUP BY"
            + " o.customer ORDER BY o.customer";
    String kept =
        "WITH o AS MATERIALIZED (SELECT * FROM orders), i AS MATERIALIZED (SELECT * FROM items)"
            + " SELECT o.customer, count(*) AS n, sum(i.qty)::BIGINT AS q, round(avg(o.total), 2) AS"
            + " a FROM o JOIN i ON i.order_id = o.id WHERE o.id % 2 = 0 GROUP BY o.customer ORDER BY"
            + " o.customer";
    assertThat(boss.execute(query).rows().toString())
        .isEqualTo(boss.execute(kept).rows().toString());
  }

  @Test
  void rowsAreWrittenInTheSessionsTransaction() throws Exception {
    boss.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON fedpg.public.items TO USER boss");
    boss.execute("INSERT INTO items VALUES (90001, 1, 'a''b'), (90002, NULL, 'ü')");
    assertThat(there("SELECT count(*) FROM items WHERE order_id > 90000")).isEqualTo("2");
    boss.execute("UPDATE items SET qty = 9 WHERE order_id = 90002");
    assertThat(there("SELECT qty FROM items WHERE order_id = 90002")).isEqualTo("9");
    boss.execute("UPDATE items SET qty = qty + 1, note = note WHERE qty = 9");
    assertThat(there("SELECT qty FROM items WHERE order_id = 90002")).isEqualTo("10");
    assertThatThrownBy(() -> boss.execute("UPDATE items SET note = upper(note)"))
        .hasMessageContaining("exactly as it is meant");
    boss.execute("BEGIN");
    boss.execute("DELETE FROM items WHERE order_id > 90000");
    assertThat(value(boss, "SELECT count(*) FROM items WHERE order_id > 90000")).isEqualTo("0");
    assertThat(there("SELECT count(*) FROM items WHERE order_id > 90000")).isEqualTo("2");
    boss.execute("ROLLBACK");
    assertThat(there("SELECT count(*) FROM items WHERE order_id > 90000")).isEqualTo("2");
    boss.execute("BEGIN");
    boss.execute("DELETE FROM items WHERE order_id > 90000");
    boss.execute("COMMIT");
    assertThat(there("SELECT count(*) FROM items WHERE order_id > 90000")).isEqualTo("0");
  }

  @Test
  void aTableThatChangedIsLookedAtAgain() throws Exception {
    sql("CREATE TABLE shape (a int, b text)", "INSERT INTO shape VALUES (1, 'x')");
    sql("GRANT SELECT ON shape TO svc");
    boss.execute("GRANT SELECT ON fedpg.public.shape TO USER boss");
    assertThat(boss.execute("SELECT * FROM shape").rows().toString()).contains("1").contains("x");
    sql(
        "ALTER TABLE shape DROP COLUMN a",
        "ALTER TABLE shape ADD COLUMN c date DEFAULT '2026-05-05'");
    assertThat(boss.execute("SELECT * FROM shape").rows().toString())
        .contains("x")
        .contains("2026-05-05");
  }

  @Test
  void theSourceIsTriedAndBrowsedByItsAdministrator() {
    JsonNode tried = call(boss, "POST", SOURCES + "/fedpg/test", JSON.createObjectNode());
    assertThat(tried.path("ok").asBoolean()).as(tried.toString()).isTrue();
    assertThat(tried.path("schemas").toString()).contains("public");
    assertThat(boss.call("GET", SOURCES + "/fedpg/tables?schema=public", null).toString())
        .contains("orders");
    assertThat(
            boss.call("GET", SOURCES + "/fedpg/columns?schema=public&table=orders", null)
                .toString())
        .contains("DECIMAL(12,2)");
    assertThatThrownBy(() -> ann.call("GET", SOURCES, null)).hasMessageContaining("admin");
  }
}
