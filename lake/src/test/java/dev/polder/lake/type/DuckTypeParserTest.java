package dev.polder.lake.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.model.PolderException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DuckTypeParserTest {
  private final List<String> notices = new ArrayList<>();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          BOOLEAN | boolean
          integer | int
          BIGINT | long
          FLOAT | float
          DOUBLE PRECISION | double
          DECIMAL | decimal(18, 3)
          NUMERIC(10) | decimal(10, 0)
          DECIMAL(38,10) | decimal(38, 10)
          DATE | date
          TIME | time
          TIMESTAMP | timestamp
          TIMESTAMP WITH TIME ZONE | timestamptz
          TIMESTAMP WITHOUT TIME ZONE | timestamp
          TIMESTAMPTZ | timestamptz
          TIMESTAMP_NS | timestamp_ns
          VARCHAR(10) | string
          CHARACTER VARYING | string
          BLOB | binary
          UUID | uuid
          """)
  void exactTypesHaveTheirCounterpart(String text, String type) {
    assertThat(parse(text)).hasToString(type);
    assertThat(notices).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          UTINYINT | int
          SMALLINT | int
          UINTEGER | long
          UBIGINT | decimal(20, 0)
          HUGEINT | decimal(38, 0)
          TIMESTAMP_MS | timestamp
          JSON | string
          ENUM('a', 'b)c') | string
          """)
  void otherTypesAreWidenedAndSaySo(String text, String type) {
    assertThat(parse(text)).hasToString(type);
    assertThat(notices).hasSize(1);
  }

  @Test
  void nestedTypesGetIdsOfTheirOwn() {
    DuckTypeParser parser =
        new DuckTypeParser(
            "STRUCT(\"a \"\"b\"\"\" INTEGER, m MAP(VARCHAR, STRUCT(x DATE)[]), l DOUBLE[3][])",
            2,
            10,
            notices::add);
    Types.StructType type = parser.parse().asStructType();
    assertThat(type.fields())
        .extracting(Types.NestedField::name)
        .containsExactly("a \"b\"", "m", "l");
    assertThat(type.field("m").type().asMapType().valueType().asListType().elementType())
        .isInstanceOf(Types.StructType.class);
    assertThat(type.field("l").type().asListType().elementType())
        .isInstanceOf(Types.ListType.class);
    assertThat(org.apache.iceberg.types.TypeUtil.indexById(type).keySet())
        .hasSize(9)
        .allMatch(id -> id >= 10 && id < parser.nextId());
    assertThat(notices).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INTERVAL",
        "TIMETZ",
        "TIME WITH TIME ZONE",
        "UNION(a INTEGER)",
        "BIT",
        "UHUGEINT"
      })
  void typesWithoutCounterpartAreRefusedByName(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(PolderException.class)
        .hasMessageContaining("no counterpart");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "INTEGER INTEGER",
        "STRUCT(",
        "STRUCT(a)",
        "MAP(VARCHAR)",
        "INTEGER[",
        "\"",
        "DECIMAL(1",
        "DECIMAL(a)",
        "DECIMAL(99,0)",
        "DECIMAL(99999999999)",
        "ENUM('a"
      })
  void whatIsNoTypeIsRefused(String text) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(PolderException.class);
  }

  @Test
  void nanosecondsNeedFormatVersionThree() {
    assertThatThrownBy(() -> new DuckTypeParser("TIMESTAMP_NS", 2, 1, notices::add).parse())
        .isInstanceOf(PolderException.class)
        .hasMessageContaining("format version 3");
  }

  private Type parse(String text) {
    return new DuckTypeParser(text, 3, 1, notices::add).parse();
  }
}
