package dev.polder.duck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class DuckParserTest {
  private static NativeThreads threads;
  private static DuckParser parser;

  @BeforeAll
  static void start() {
    threads = new NativeThreads(4, 1_000, NativeThreads.DEFAULT_STACK_BYTES);
    parser = new DuckParser(threads);
  }

  @AfterAll
  static void stop() {
    parser.close();
    threads.close();
  }

  @Test
  void a_select_becomes_a_tree_with_locations_of_its_tables() {
    String sql = "SELECT 'é😀' AS x, a FROM s.t AS q WHERE a = $1";
    ParsedSelect parsed = parser.parse(sql);
    assertThat(parsed.statements()).hasSize(1);
    JsonNode from = parsed.statements().get(0).get("node").get("from_table");
    assertThat(from.get("table_name").asText()).isEqualTo("t");
    assertThat(parsed.offsets().toChar(from.get("query_location").asLong()))
        .isEqualTo(sql.indexOf("s.t"));
  }

  @Test
  void quotes_in_the_text_cannot_leave_the_parameter() {
    assertThat(parser.parse("SELECT '''); DROP TABLE x; --'").statements()).hasSize(1);
  }

  @Test
  void several_statements_come_back_as_several() {
    assertThat(parser.parse("SELECT 1; SELECT 2").statements()).hasSize(2);
  }

  @Test
  void syntax_errors_point_to_the_character() {
    String sql = "SELECT 'é😀', FROM FROM t";
    assertThatThrownBy(() -> parser.parse(sql))
        .isInstanceOfSatisfying(
            PolderException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.SYNTAX_ERROR);
              assertThat(e.position()).hasValue(sql.lastIndexOf("FROM"));
            });
    assertThat(parser.parse("SELECT 1").statements()).hasSize(1);
  }

  @Test
  void other_statements_are_refused() {
    for (String sql :
        List.of("INSERT INTO t VALUES (1)", "DROP TABLE t", "PIVOT t ON a USING sum(b)")) {
      assertThatThrownBy(() -> parser.parse(sql))
          .isInstanceOfSatisfying(
              PolderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_SUPPORTED));
    }
  }

  @Test
  void many_callers_parse_at_once() throws Exception {
    List<Future<Integer>> parsed = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 500; i++) {
        int n = i;
        parsed.add(
            executor.submit(() -> parser.parse("SELECT " + n + " FROM t" + n).statements().size()));
      }
    }
    for (Future<Integer> one : parsed) {
      assertThat(one.get()).isEqualTo(1);
    }
  }
}
