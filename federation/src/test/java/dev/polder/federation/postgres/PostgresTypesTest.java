package dev.polder.federation.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.federation.SourceClient;
import dev.polder.federation.SourceTransaction;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PostgresTypesTest {
  private static String database = "";
  private final Duck duck = new Duck();
  private SourceClient client;

  @BeforeAll
  static void types() {
    database = Postgres.database();
    Postgres.execute(
        database,
        "CREATE TYPE public.mood AS ENUM ('sad', 'ok', 'it''s')",
        "CREATE DOMAIN public.cents AS numeric(12,2)",
        "CREATE DOMAIN public.pennies AS public.cents",
        "CREATE TYPE public.pair AS (a int, b text)");
  }

  @BeforeEach
  void open() {
    client = Postgres.client(database);
  }

  @AfterEach
  void close() {
    client.close();
    duck.close();
  }

  /** A type, DuckDB's for it, and values as both write them. */
  record Case(String type, String duckType, List<List<String>> values) {
    @Override
    public String toString() {
      return type;
    }
  }

  private static List<List<String>> same(String... values) {
    return Arrays.stream(values).map(value -> List.of(value, value)).toList();
  }

  static List<Case> cases() {
    return List.of(
        new Case("bool", "BOOLEAN", same("true", "false")),
        new Case("int2", "SMALLINT", same("-32768", "0", "32767")),
        new Case("int4", "INTEGER", same("-2147483648", "0", "2147483647")),
        new Case("int8", "BIGINT", same("-9223372036854775808", "0", "9223372036854775807")),
        new Case(
            "float4",
            "FLOAT",
            same("NaN", "Infinity", "-Infinity", "-0", "0", "1e-45", "3.4028235e38", "0.1")),
        new Case(
            "float8",
            "DOUBLE",
            same("NaN", "Infinity", "-Infinity", "-0", "5e-324", "1.7976931348623157e308", "0.1")),
        new Case(
            "numeric(15,2)",
            "DECIMAL(15,2)",
            same("-9999999999999.99", "0", "0.01", "-0.01", "9999999999999.99", "10000", "0.1")),
        new Case(
            "numeric(18,18)",
            "DECIMAL(18,18)",
            same("0.999999999999999999", "-0.999999999999999999", "0.000000000000000001", "0.5")),
        new Case(
            "numeric(18,0)",
            "DECIMAL(18,0)",
            same("999999999999999999", "-999999999999999999", "10000", "1000000000000")),
        new Case(
            "numeric(38,10)",
            "DECIMAL(38,10)",
            same(
                "9999999999999999999999999999.9999999999",
                "-9999999999999999999999999999.9999999999",
                "0.0000000001",
                "-1",
                "18446744073709551616",
                "-18446744073709551616")),
        new Case(
            "numeric(38,0)",
            "DECIMAL(38,0)",
            same(
                "99999999999999999999999999999999999999",
                "-99999999999999999999999999999999999999")),
        new Case(
            "numeric(38,37)",
            "DECIMAL(38,37)",
            same(
                "9.9999999999999999999999999999999999999",
                "-0.0000000000000000000000000000000000001")),
        new Case("numeric", "DOUBLE", same("0.1", "NaN", "Infinity", "-Infinity", "1e300", "123")),
        new Case("numeric(50,2)", "DOUBLE", same("0.1", "-5")),
        new Case("public.cents", "DECIMAL(12,2)", same("1.10", "-0.01")),
        new Case("public.pennies", "DECIMAL(12,2)", same("1.10", "-0.01")),
        new Case("text", "VARCHAR", same("", "a", "ä😀", "it's", "\\", "%_", "NULL", "a  ")),
        new Case("varchar(5)", "VARCHAR", same("", "abc  ", "ööööö")),
        new Case(
            "char(4)",
            "VARCHAR",
            List.of(List.of("a", "a"), List.of("a   ", "a"), List.of("", ""), List.of(" b", " b"))),
        new Case("name", "VARCHAR", same("a b")),
        new Case("\"char\"", "VARCHAR", same("x")),
        new Case(
            "bytea",
            "BLOB",
            List.of(List.of("\\x", ""), List.of("\\x00ff", "\\x00\\xFF"), List.of("\\x41", "A"))),
        new Case(
            "date",
            "DATE",
            List.of(
                List.of("2024-02-29", "2024-02-29"),
                List.of("0001-01-01", "0001-01-01"),
                List.of("4713-01-01 BC", "4713-01-01 (BC)"),
                List.of("5874897-12-31", "5874897-12-31"),
                List.of("infinity", "infinity"),
                List.of("-infinity", "-infinity"))),
        new Case(
            "timestamp",
            "TIMESTAMP",
            List.of(
                List.of("2024-02-29 23:59:59.999999", "2024-02-29 23:59:59.999999"),
                List.of("1969-12-31 23:59:59.999999", "1969-12-31 23:59:59.999999"),
                List.of("4713-01-01 00:00:00 BC", "4713-01-01 (BC) 00:00:00"),
                List.of("294246-12-31 23:59:59", "294246-12-31 23:59:59"),
                List.of("infinity", "infinity"),
                List.of("-infinity", "-infinity"))),
        new Case(
            "timestamptz",
            "TIMESTAMP WITH TIME ZONE",
            List.of(
                List.of("2024-02-29 23:59:59.999999+02", "2024-02-29 21:59:59.999999+00"),
                List.of("infinity", "infinity"),
                List.of("-infinity", "-infinity"))),
        new Case("time", "TIME", same("00:00:00", "23:59:59.999999", "24:00:00")),
        new Case(
            "timetz",
            "TIME WITH TIME ZONE",
            List.of(
                List.of("23:59:59.999999+15:30", "23:59:59.999999+15:30"),
                List.of("00:00:00-12", "00:00:00-12"))),
        new Case(
            "interval",
            "INTERVAL",
            List.of(
                List.of(
                    "1 year 2 months 3 days 04:05:06.789", "1 year 2 months 3 days 04:05:06.789"),
                List.of("-1 month +1 day -00:00:00.000001", "-1 months 1 day -00:00:00.000001"),
                List.of("0", "00:00:00"))),
        new Case(
            "uuid",
            "UUID",
            same(
                "00000000-0000-0000-0000-000000000000",
                "ffffffff-ffff-ffff-ffff-ffffffffffff",
                "0188e2f0-1234-7abc-8def-0123456789ab")),
        new Case("json", "JSON", same("{\"a\": [1, null, \"ä\"]}", "null", "\"x\"", "1e5")),
        new Case("jsonb", "JSON", same("{\"a\": [1, null, \"ä\"]}", "null")),
        new Case("public.mood", "VARCHAR", same("sad", "ok", "it's")),
        new Case(
            "int4[]",
            "INTEGER[]",
            List.of(List.of("{}", "[]"), List.of("{1,NULL,-3}", "[1, NULL, -3]"))),
        new Case("text[]", "VARCHAR[]", List.of(List.of("{a,NULL,\"\",äö}", "[a, NULL, '', äö]"))),
        new Case(
            "numeric(10,2)[]", "DECIMAL(10,2)[]", List.of(List.of("{1.5,NULL}", "[1.50, NULL]"))),
        new Case("bool[]", "BOOLEAN[]", List.of(List.of("{t,NULL,f}", "[true, NULL, false]"))),
        new Case(
            "uuid[]",
            "UUID[]",
            List.of(
                List.of(
                    "{0188e2f0-1234-7abc-8def-0123456789ab}",
                    "[0188e2f0-1234-7abc-8def-0123456789ab]"))),
        new Case("numeric[]", "DOUBLE[]", List.of(List.of("{1.5,NULL}", "[1.5, NULL]"))),
        new Case("public.mood[]", "VARCHAR[]", List.of(List.of("{ok,NULL}", "[ok, NULL]"))),
        new Case("inet[]", "VARCHAR[]", List.of(List.of("{10.0.0.1/8}", "[10.0.0.1/8]"))),
        new Case("bit(3)", "VARCHAR", same("101")),
        new Case("varbit", "VARCHAR", same("", "0101")),
        new Case("oid", "VARCHAR", same("4294967295")),
        new Case("inet", "VARCHAR", same("10.0.0.1/8", "::1/128")),
        new Case("int4range", "VARCHAR", same("[1,5)", "empty")),
        new Case("public.pair", "VARCHAR", same("(1,b)")),
        new Case("xml", "VARCHAR", same("<a/>")),
        new Case("tsvector", "VARCHAR", same("'a' 'b'")),
        new Case("money", "VARCHAR", same("$1.10")),
        new Case("point", "VARCHAR", same("(1.5,2)")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aValueIsReadAsItIsAndWrittenBackAsItWas(Case type) {
    String values =
        type.values.stream()
            .map(value ->
                "("
                    + type.values.indexOf(value)
                    + ", '"
                    + value.get(0).replace("'", "''")
                    + "'::"
                    + type.type
                    + ")")
            .collect(Collectors.joining(", "));
    Postgres.execute(
        database,
        "DROP TABLE IF EXISTS public.t, public.w",
        "CREATE TABLE public.t (id int, v " + type.type + ")",
        "CREATE TABLE public.w (id int, v " + type.type + ")",
        "INSERT INTO public.t VALUES " + values + ", (1000, NULL)");
    client.invalidate();
    RemoteTable table = client.table("PUBLIC", "T").orElseThrow();
    assertThat(table.column("V").orElseThrow().type()).isEqualTo(type.duckType);

    RemoteQuery query = RemoteQuery.scan(table, table.columns(), List.of());
    load(query, "read");

    List<List<String>> expected = new ArrayList<>();
    for (int i = 0; i < type.values.size(); i++) {
      String value = type.values.get(i).get(1).replace("'", "''");
      expected.add(
          duck.rows(
                  "SELECT '"
                      + i
                      + "', CAST(CAST('"
                      + value
                      + "' AS "
                      + type.duckType
                      + ") AS VARCHAR)")
              .getFirst());
    }
    expected.add(Arrays.asList("1000", null));
    assertThat(duck.rows("SELECT id::VARCHAR, v::VARCHAR FROM read ORDER BY id"))
        .isEqualTo(expected);

    RemoteTable other = client.table("public", "w").orElseThrow();
    try (SourceTransaction transaction = client.begin(true);
        ArrowReader rows =
            duck.export("SELECT id, " + carried(type.duckType) + " AS v FROM read")) {
      assertThat(transaction.insert(other, other.columns(), rows)).isEqualTo(expected.size());
      transaction.commit();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    assertThat(Postgres.column(database, "SELECT v::text FROM public.w ORDER BY id"))
        .isEqualTo(Postgres.column(database, written(type)));
  }

  /** What Arrow does not have travels as text, as it came. */
  private static String carried(String duckType) {
    return switch (duckType) {
      case "UUID", "JSON", "TIME WITH TIME ZONE" -> "v::VARCHAR";
      case "UUID[]" -> "v::VARCHAR[]";
      default -> "v";
    };
  }

  /** What was lost by reading stays lost. */
  private static String written(Case type) {
    return type.duckType.startsWith("DOUBLE") && type.type.startsWith("numeric")
        ? "SELECT (v::float8"
            + (type.type.endsWith("[]") ? "[]" : "")
            + ")::"
            + type.type
            + "::text FROM public.t ORDER BY id"
        : "SELECT v::text FROM public.t ORDER BY id";
  }

  private void load(RemoteQuery query, String into) {
    try (SourceTransaction transaction = client.begin(false)) {
      duck.load(into, query, transaction.read(query, duck.allocator));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aValueThatHasNoPlaceInItsTypeFailsAndNamesItsColumn(Misfit misfit) {
    Postgres.execute(
        database,
        "DROP TABLE IF EXISTS public.t",
        "CREATE TABLE public.t AS SELECT " + misfit.value + " AS strange");
    try (SourceClient exact = Postgres.client(database, "numeric", "decimal(10,2)")) {
      RemoteTable table = exact.table("public", "t").orElseThrow();
      RemoteQuery query = RemoteQuery.scan(table, table.columns(), List.of());
      try (SourceTransaction transaction = exact.begin(false)) {
        ArrowReader reader = transaction.read(query, duck.allocator);
        assertThatThrownBy(
                () -> {
                  try (reader) {
                    reader.loadNextBatch();
                  }
                })
            .isInstanceOf(PolderException.class)
            .hasMessageContaining("column strange of source 'pg'")
            .hasMessageContaining(misfit.problem);
      }
    }
  }

  enum Misfit {
    NAN("'NaN'::numeric(5,2)", "NaN"),
    INFINITE("'Infinity'::numeric", "infinite number"),
    TOO_EXACT("1.005::numeric", "not exactly a DECIMAL(10,2)"),
    TOO_LARGE("123456789.5::numeric", "not exactly a DECIMAL(10,2)"),
    MATRIX("'{{1,2},{3,4}}'::int[]", "2 dimensions"),
    LATE("'294276-01-01'::timestamp", "year 294246"),
    ENDLESS("'infinity'::interval", "interval");

    final String value;
    final String problem;

    Misfit(String value, String problem) {
      this.value = value;
      this.problem = problem;
    }
  }

  @Test
  void numbersOfNoScaleAreDecimalsOrTextsWhereTheSourceSaysSo() {
    Postgres.execute(
        database,
        "DROP TABLE IF EXISTS public.t",
        "CREATE TABLE public.t AS SELECT 1.50::numeric AS v, ARRAY[2.5]::numeric[] AS w");
    try (SourceClient exact = Postgres.client(database, "numeric", "decimal(38,4)");
        SourceClient text = Postgres.client(database, "numeric", "text")) {
      assertThat(types(exact)).containsExactly("DECIMAL(38,4)", "DECIMAL(38,4)[]");
      assertThat(types(text)).containsExactly("VARCHAR", "VARCHAR[]");
      client = exact;
      RemoteTable table = exact.table("public", "t").orElseThrow();
      load(RemoteQuery.scan(table, table.columns(), List.of()), "e");
      client = text;
      table = text.table("public", "t").orElseThrow();
      load(RemoteQuery.scan(table, table.columns(), List.of()), "x");
    }
    assertThat(duck.rows("FROM e")).containsExactly(List.of("1.5000", "[2.5000]"));
    assertThat(duck.rows("FROM x")).containsExactly(List.of("1.50", "[2.5]"));
  }

  private static List<String> types(SourceClient source) {
    return source.table("public", "t").orElseThrow().columns().stream()
        .map(RemoteColumn::type)
        .toList();
  }
}
