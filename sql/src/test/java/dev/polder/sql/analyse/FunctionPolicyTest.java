package dev.polder.sql.analyse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionPolicyTest {
  private final FunctionPolicy policy = FunctionPolicy.builtIn();

  @Test
  void every_function_of_the_duckdb_in_use_was_reviewed() throws SQLException {
    List<String> missing =
        FunctionListGenerator.offered().stream()
            .filter(offered -> !policy.lists(offered.name(), offered.use()))
            .map(offered -> offered.name() + " as " + offered.use())
            .toList();
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
    refuses(name, FunctionKind.TABLE);
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
    refuses(name, FunctionKind.SCALAR);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"lower", "sum", "||", "row_number", "list_value", "struct_pack", "count_star"})
  void allows_plain_calls(String name) {
    FunctionPolicy.check(call(name, FunctionKind.SCALAR), -1);
  }

  private static void refuses(String name, FunctionKind kind) {
    assertThatThrownBy(() -> FunctionPolicy.check(call(name, kind), -1))
        .isInstanceOfSatisfying(
            PolderException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.FUNCTION_NOT_ALLOWED));
  }

  private static FunctionReference call(String name, FunctionKind kind) {
    return new FunctionReference(name, "", kind, Optional.empty());
  }
}
