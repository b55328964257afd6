package dev.polder.sql.analyse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.sql.Duck;
import dev.polder.sql.analyse.FunctionPolicy.Use;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionPolicyTest {
  private final FunctionPolicy policy = FunctionPolicy.builtIn();

  @Test
  void every_function_of_the_duckdb_in_use_was_reviewed() throws SQLException {
    List<String> missing = new ArrayList<>();
    try (Duck duck = new Duck();
        Statement statement = duck.connection().createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT DISTINCT function_name, function_type FROM duckdb_functions()")) {
      while (rows.next()) {
        Use use =
            switch (rows.getString(2)) {
              case "table", "table_macro" -> Use.TABLE;
              case "pragma" -> Use.PRAGMA;
              default -> Use.EXPRESSION;
            };
        if (!policy.lists(rows.getString(1), use)) {
          missing.add(rows.getString(1) + " as " + use);
        }
      }
    }
    assertThat(missing).as("add these to functions.txt with a verdict").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "read_parquet",
        "read_csv",
        "read_text",
        "read_blob",
        "glob",
        "query",
        "query_table",
        "duckdb_secrets",
        "duckdb_settings",
        "duckdb_views",
        "pragma_table_info",
        "sniff_csv",
        "parquet_metadata",
        "json_execute_serialized_sql",
        "seq_scan",
        "histogram",
        "nonsense"
      })
  void denies_table_functions_that_reach_out(String name) {
    assertThat(policy.isAllowed(name, FunctionKind.TABLE)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stats",
        "current_setting",
        "getvariable",
        "write_log",
        "sleep_ms",
        "pg_sleep",
        "getenv",
        "nextval",
        "json_serialize_plan",
        "pg_get_viewdef",
        "__internal_barrier",
        "nonsense"
      })
  void denies_calls_that_reach_out(String name) {
    assertThat(policy.isAllowed(name, FunctionKind.SCALAR)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"lower", "SUM", "||", "row_number", "list_value", "struct_pack", "count_star"})
  void allows_plain_calls(String name) {
    assertThat(policy.isAllowed(name, FunctionKind.SCALAR)).isTrue();
  }
}
