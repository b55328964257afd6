package dev.polder.duck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DuckErrorsTest {
  @TempDir static Path directory;
  private static Engine engine;

  @BeforeAll
  static void start() {
    engine = new Engine(directory);
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  private static PolderException failure(String sql) {
    try (InstanceConnection connection = engine.instance.connect()) {
      connection.rows(sql, List.of());
      throw new AssertionError("no failure: " + sql);
    } catch (PolderException e) {
      return e;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELEC 1 | SYNTAX_ERROR
          SELECT nope FROM range(3) | COLUMN_NOT_FOUND
          SELECT x.y FROM range(3) t | COLLECTION_NOT_FOUND
          SELECT * FROM nope | COLLECTION_NOT_FOUND
          SELECT * FROM nope.t | COLLECTION_NOT_FOUND
          SELECT nope(1) | FUNCTION_NOT_FOUND
          SELECT abs('x', 2) | FUNCTION_NOT_FOUND
          SELECT CAST('x' AS INTEGER) | CONVERSION_ERROR
          SELECT CAST(300 AS TINYINT) FROM range(2) | CONVERSION_ERROR
          SELECT 9223372036854775807::BIGINT + range FROM range(2) | OUT_OF_RANGE
          SELECT error('boo') | DATA_EXCEPTION
          SELECT (SELECT range FROM range(2)) | CARDINALITY_VIOLATION
          SELECT CAST(1 AS nope) | BINDING_ERROR
          SELECT sum(range) FROM range(2) GROUP BY sum(range) | BINDING_ERROR
          SELECT * FROM read_csv('/etc/passwd') | ACCESS_DENIED
          """)
  void each_kind_of_failure_has_its_code(String sql, ErrorCode code) {
    PolderException e = failure(sql);
    assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
    assertThat(e.getMessage())
        .doesNotContain("{\"")
        .doesNotContain("LINE 1")
        .doesNotContain("/etc");
    assertThat(engine.instance.failed()).isFalse();
  }

  @Test
  void positions_count_characters() {
    String sql = "SELECT 'é😀', nope FROM range(3)";
    assertThat(failure(sql).position()).hasValue(sql.indexOf("nope"));
  }

  @Test
  void columns_are_suggested_and_tables_are_not() {
    try (InstanceConnection connection = engine.instance.connect()) {
      connection.execute("CREATE TEMP TABLE customers (amount INTEGER)", List.of());
      assertThat(thrown(connection, "SELECT amoun FROM customers").getMessage()).contains("amount");
      assertThat(thrown(connection, "FROM customer").getMessage()).doesNotContain("customers");
    }
  }

  private static PolderException thrown(InstanceConnection connection, String sql) {
    try {
      connection.rows(sql, List.of());
      throw new AssertionError("no failure");
    } catch (PolderException e) {
      return e;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          IO Error: Could not write to "/w/t/1/x.parquet": No space left on device | DISK_FULL
          IO Error: No files found that match the pattern "/w/acme/1/x.parquet" | DATA_FILE_MISSING
          IO Error: Could not read /w/acme/1/x.parquet | STORAGE_ERROR
          Out of Memory Error: failed to offload data block: max_temp_directory_size of 1 GB | DISK_FULL
          Out of Memory Error: could not allocate block of size 256.0 KiB | OUT_OF_MEMORY
          INTERRUPT Error: Interrupted! | STATEMENT_CANCELLED
          INTERNAL Error: Attempted to access index 3 in /build/x.cpp | INSTANCE_FAILED
          FATAL Error: database has been invalidated because of a previous fatal error | INSTANCE_FAILED
          Constraint Error: NOT NULL constraint failed: t.a | NOT_NULL_VIOLATION
          Something new happened at /w/acme/1 | INTERNAL_ERROR
          """)
  void what_cannot_be_provoked_is_told_by_its_text(String message, ErrorCode code) {
    PolderException e = DuckErrors.translate(new SQLException(message));
    assertThat(e.code()).isEqualTo(code);
    assertThat(e.getMessage()).doesNotContain("/w/").doesNotContain("/build");
  }

  @Test
  void names_of_private_catalogs_and_paths_are_removed() {
    String catalog = "p_0123456789abcdef0123456789abcdef";
    PolderException e =
        DuckErrors.translate(
            new SQLException(
                "Binder Error: bad \""
                    + catalog
                    + "\".s.t and "
                    + catalog
                    + ".s.t in '/w/acme/1/f.parquet'"));
    assertThat(e.getMessage()).isEqualTo("bad s.t and s.t in '<path>'");
  }

  @Test
  void anErrorThatQuotesHalfACharacterKeepsItsClass() {
    String raw =
        "{\"exception_type\":\"Binder\",\"exception_message\":\"Referenced column \\\"\u00f0\u0001\\\""
            + " not found in FROM clause!\",\"name\":\"\u00f0\u0001\",\"error_subtype\":\"COLUMN_NOT_FOUND\"";
    PolderException shown = DuckErrors.translate(new java.sql.SQLException(raw));
    assertThat(shown.code()).isEqualTo(ErrorCode.COLUMN_NOT_FOUND);
    assertThat(shown).hasMessageStartingWith("Referenced column \"\u00f0");
  }
}
