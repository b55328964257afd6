package dev.polder.engine.internal.show;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShowExecutionTest {
  private static final String PASSWORD = "another long password";

  private EngineHarness engine;
  private Session admin;

  @BeforeEach
  void start(@TempDir Path directory) {
    engine = new EngineHarness(directory);
    admin = engine.admin();
    run(admin, "CREATE SCHEMA sales");
    run(
        admin,
        """
        CREATE TABLE sales.orders (
          "Order Id" BIGINT NOT NULL COMMENT 'the customer''s own',
          amount DECIMAL(10,2) DEFAULT 1.50,
          paid DATE DEFAULT DATE '2020-02-29',
          placed TIMESTAMP WITH TIME ZONE,
          tags VARCHAR[],
          place STRUCT("City" VARCHAR, zip INTEGER))
        PARTITIONED BY (bucket(16, "Order Id"), month(placed), amount)
        COMMENT 'what was ordered'
        WITH ('format-version' = '3', 'write.delete.mode' = 'merge-on-read')
        """);
    run(admin, "CREATE TABLE items (id BIGINT)");
    run(admin, "CREATE TABLE \"Item_Groups\" (id BIGINT)");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void tablesAreListedBySchemaAndPattern() {
    assertThat(column(admin, "SHOW TABLES", "name")).containsExactly("Item_Groups", "items");
    assertThat(column(admin, "SHOW TABLES LIKE 'item\\_%'", "name")).isEmpty();
    assertThat(column(admin, "SHOW TABLES LIKE 'ITEM_'", "name")).containsExactly("items");
    assertThat(column(admin, "SHOW TABLES FROM sales", "name")).containsExactly("orders");
    assertThat(column(admin, "SHOW TABLES FROM \"default\".sales", "name"))
        .containsExactly("orders");
    assertThat(column(admin, "SHOW ALL TABLES", "name"))
        .containsExactly("Item_Groups", "items", "orders");
    assertThat(column(admin, "SHOW SCHEMAS", "schema_name")).containsExactly("main", "sales");
    assertThatThrownBy(() -> run(admin, "SHOW TABLES FROM nowhere"))
        .isInstanceOfSatisfying(
            PolderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_NOT_FOUND));
  }

  @Test
  void columnsAreShownAsDescribeDoes() {
    assertThat(run(admin, "SHOW COLUMNS FROM sales.orders").getFirst())
        .containsEntry("column_name", "Order Id")
        .containsEntry("column_type", "BIGINT")
        .containsEntry("null", "NO")
        .containsEntry("default", null);
    assertThat(column(admin, "SHOW COLUMNS FROM sales.orders", "default"))
        .containsExactly(null, "1.50", "DATE '2020-02-29'", null, null, null);
  }

  @Test
  void aShownTableDefinitionMakesTheSameTable() {
    String shown = definition("TABLE", "sales.orders");
    run(admin, "DROP TABLE sales.orders");
    run(admin, shown);
    assertThat(definition("TABLE", "sales.orders")).isEqualTo(shown);
    assertThat(shown)
        .contains(
            "PARTITIONED BY (bucket(16, \"Order Id\"), month(\"placed\"), \"amount\")",
            "COMMENT 'the customer''s own'",
            "COMMENT 'what was ordered'",
            "'format-version' = '3'",
            "NOT NULL");
  }

  @Test
  void aShownViewDefinitionMakesTheSameView() {
    run(admin, "CREATE VIEW v AS SELECT id AS n FROM items");
    String shown = definition("VIEW", "v");
    run(admin, "DROP VIEW v");
    run(admin, shown);
    assertThat(definition("VIEW", "v")).isEqualTo(shown);
    assertThatThrownBy(() -> definition("TABLE", "v"))
        .isInstanceOfSatisfying(
            PolderException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.WRONG_OBJECT_TYPE));
  }

  private String definition(String kind, String name) {
    return String.valueOf(column(admin, "SHOW CREATE " + kind + " " + name, "sql").getFirst());
  }

  @Test
  void aTransactionShowsWhatItHasMade() {
    run(admin, "BEGIN");
    run(admin, "CREATE TABLE fresh (id BIGINT)");
    assertThat(column(admin, "SHOW TABLES", "name")).contains("fresh");
    assertThat(column(admin, "SHOW COLUMNS FROM fresh", "column_name")).containsExactly("id");
    assertThat(definition("TABLE", "fresh")).contains("\"fresh\"");
    assertThat(column(engine.admin(), "SHOW TABLES", "name")).doesNotContain("fresh");
    run(admin, "ROLLBACK");
    assertThat(column(admin, "SHOW TABLES", "name")).doesNotContain("fresh");
  }

  @Test
  void onlyWhatIsGrantedIsShown() {
    run(admin, "CREATE USER ann PASSWORD '" + PASSWORD + "' TENANT \"default\"");
    run(admin, "GRANT SELECT (amount) ON sales.orders TO USER ann");
    Session ann = engine.open("ann", PASSWORD, "default");
    assertThat(run(ann, "SHOW SCHEMAS"))
        .containsExactly(Map.of("database_name", "default", "schema_name", "sales"));
    assertThat(column(ann, "SHOW TABLES", "name")).isEmpty();
    assertThat(column(ann, "SHOW ALL TABLES", "column_names")).containsExactly("[amount]");
    denied(ann, "SHOW COLUMNS FROM items", "missing SELECT grant on main.items");
    denied(ann, "SHOW CREATE TABLE sales.orders", "missing SELECT grant on sales.orders");
  }

  private static void denied(Session session, String sql, String message) {
    assertThatThrownBy(() -> run(session, sql))
        .isInstanceOfSatisfying(
            PolderException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.ACCESS_DENIED);
              assertThat(e).hasMessage(message);
            });
  }
}
