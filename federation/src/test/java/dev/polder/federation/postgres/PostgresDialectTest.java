package dev.polder.federation.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.federation.SourceClient;
import dev.polder.federation.SourceTransaction;
import dev.polder.federation.sql.SqlQueries;
import dev.polder.sql.remote.Conditions;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.Aggregate;
import dev.polder.sql.remote.RemoteExpression.AggregateFunction;
import dev.polder.sql.remote.RemoteExpression.Arithmetic;
import dev.polder.sql.remote.RemoteExpression.ArithmeticOperator;
import dev.polder.sql.remote.RemoteExpression.Call;
import dev.polder.sql.remote.RemoteExpression.Column;
import dev.polder.sql.remote.RemoteExpression.Comparison;
import dev.polder.sql.remote.RemoteExpression.Function;
import dev.polder.sql.remote.RemoteExpression.Like;
import dev.polder.sql.remote.RemoteExpression.Literal;
import dev.polder.sql.remote.RemoteExpression.Operator;
import dev.polder.sql.remote.RemoteExpression.Shift;
import dev.polder.sql.remote.RemoteExpression.Widen;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import dev.polder.sql.remote.Support;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the source answers is what DuckDB answers over the same rows, for everything that the
 * dialect says it does exactly.
 */
class PostgresDialectTest {
  private static String database = "";
  private static final Duck DUCK = new Duck();
  private static final DuckSql SPOKEN = new DuckSql();
  private static @Nullable SourceClient opened;
  private static @Nullable RemoteTable read;

  /** DuckDB's own words for a query over the table of the same rows. */
  private static final class DuckSql extends SqlQueries {
    @Override
    public String sourceType(String duckType) {
      return duckType;
    }

    @Override
    public String table(RemoteTable table) {
      return table.name();
    }

    @Override
    public String literal(Literal literal) {
      return literal.value() instanceof byte[] bytes
          ? "unhex('" + java.util.HexFormat.of().formatHex(bytes) + "')"
          : super.literal(literal);
    }
  }

  @BeforeAll
  static void rows() {
    database = Postgres.database();
    Postgres.execute(
        database,
        "CREATE TYPE public.mood AS ENUM ('sad', 'ok', 'Zen')",
        """
        CREATE TABLE public.r (
          id int, b bool, i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, n numeric(10,2),
          w numeric(38,4), u numeric, t text, v varchar(20), c char(5), d date, ts timestamp,
          tz timestamptz, tm time, id16 uuid, by bytea, m public.mood, o name,
          k text COLLATE "C")
        """,
        """
        INSERT INTO public.r VALUES
        (1, true, 1, 1, 1, 1, 1, 1, 1, 1, 'a', 'a', 'a', '2024-01-31', '2024-01-31 12:00:00',
          '2024-01-31 12:00:00+00', '12:00', '00000000-0000-0000-0000-000000000001', '\\x00', 'ok', 'a', 'a'),
        (2, false, -1, -1, -1, -1.5, -1.5, -1.5, -1.5, -1.5, 'A', 'a ', 'a ', '2023-02-28', '2023-02-28 23:59:59.999999',
          '2023-02-28 23:00:00-05', '24:00', 'ffffffff-0000-0000-0000-000000000001', '\\xff', 'sad', 'A', 'A'),
        (3, NULL, 32767, 2147483647, 9223372036854775807, 'NaN', 'NaN', 99999999.99,
          9999999999999999999999999999999999.9999, 'NaN', 'ä', 'é😀', 'ö', '4713-01-01 BC', '0001-01-01', 'infinity',
          '00:00', '80000000-0000-0000-0000-000000000000', '', 'Zen', 'ä', 'Ä'),
        (4, true, -32768, -2147483648, -9223372036854775808, 'Infinity', 'Infinity', -99999999.99,
          -9999999999999999999999999999999999.9999, 'Infinity', '', '', '', 'infinity', 'infinity', '-infinity',
          '23:59:59.999999', '7fffffff-ffff-ffff-ffff-ffffffffffff', '\\x0001', NULL, '', ''),
        (5, false, 0, 0, 0, '-Infinity', '-Infinity', 0.01, 0.0001, '-Infinity', 'a%_\\b', '100%', 'b\\', '-infinity',
          '-infinity', '1969-12-31 23:59:59.999999+00', '00:00:00.000001', NULL, '\\x4142', 'ok', '_', 'b'),
        (6, true, 5, 5, 5, '-0', '-0', 0, 0, '-0', 'Zoë', 'zoe', 'zoe', '0001-12-31 BC', '2000-02-29 00:00:00',
          '2000-02-29 00:00:00+00', '01:00', NULL, '\\x42', 'ok', 'zz', 'zz'),
        (7, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
          NULL, NULL, NULL, NULL, NULL),
        (8, false, 7, 7, 7, 0.1, 0.1, 0.1, 0.1, 0.1, E'e\\u0301', E'\\u00e9', ' x', '2024-02-29', '2024-12-31 10:00:00',
          '2024-12-31 10:00:00+00', '10:00', '0188e2f0-1234-7abc-8def-0123456789ab', '\\x61', 'sad', 'a b', 'é')
        """);
    SourceClient client = Postgres.client(database);
    RemoteTable table = client.table("public", "r").orElseThrow();
    RemoteQuery all = RemoteQuery.scan(table, table.columns(), List.of());
    try (SourceTransaction transaction = client.begin(false)) {
      DUCK.load("r", all, transaction.read(all, DUCK.allocator));
    }
    opened = client;
    read = table;
  }

  @AfterAll
  static void close() {
    client().close();
    DUCK.close();
  }

  private static SourceClient client() {
    return java.util.Objects.requireNonNull(opened);
  }

  private static RemoteTable table() {
    return java.util.Objects.requireNonNull(read);
  }

  private static Column col(String name) {
    return new Column(0, table().column(name).orElseThrow());
  }

  private static Literal of(Object value, String type) {
    return new Literal(value, type);
  }

  /** Constants of each column's type, some of them values of it. */
  private static List<Literal> constants(Column column) {
    String type = column.type();
    List<Object> values =
        switch (type) {
          case "BOOLEAN" -> List.of(true, false);
          case "SMALLINT" -> List.of(0L, -1L, 32767L);
          case "INTEGER" -> List.of(0L, 5L, -2147483648L);
          case "BIGINT" -> List.of(0L, 5L, 9223372036854775807L);
          case "FLOAT" -> List.of(0.0, Double.NaN, Double.POSITIVE_INFINITY, (double) 0.1f);
          case "DOUBLE" -> List.of(0.0, -0.0, Double.NaN, Double.NEGATIVE_INFINITY, 0.1);
          case "VARCHAR" -> List.of("a", "a ", "ä", "", "Z", "\\", "é", "ok", "it's");
          case "DATE" ->
              List.of(
                  LocalDate.of(2024, 1, 31), LocalDate.of(-43, 3, 15), LocalDate.of(12_345, 1, 1));
          case "TIMESTAMP" ->
              List.of(
                  LocalDateTime.of(2023, 2, 28, 23, 59, 59, 999_999_000),
                  LocalDateTime.of(-1, 1, 1, 0, 0));
          case "TIMESTAMP WITH TIME ZONE" -> List.of(Instant.parse("2024-01-31T12:00:00Z"));
          case "TIME" -> List.of(java.time.LocalTime.of(12, 0), java.time.LocalTime.MIDNIGHT);
          case "UUID" -> List.of(UUID.fromString("7fffffff-ffff-ffff-ffff-ffffffffffff"));
          case "BLOB" -> List.of(new byte[] {0, 1}, new byte[] {}, new byte[] {(byte) 255});
          default ->
              List.of(
                  new BigDecimal("0.0100").setScale(Decimal.of(type).scale()),
                  new BigDecimal("-1.5"));
        };
    return values.stream().map(value -> of(value, type)).toList();
  }

  private static List<RemoteExpression> expressions() {
    List<RemoteExpression> all = new ArrayList<>();
    for (RemoteColumn column : table().columns()) {
      Column value = new Column(0, column);
      all.add(new RemoteExpression.IsNull(value));
      for (Literal constant : constants(value)) {
        for (Operator operator : Operator.values()) {
          all.add(new Comparison(operator, value, constant));
        }
        all.add(new RemoteExpression.Not(new Comparison(Operator.LESS, value, constant)));
        all.add(new Call(Function.COALESCE, List.of(value, constant), column.type()));
        all.add(new Call(Function.NULLIF, List.of(value, constant), column.type()));
        all.add(
            new RemoteExpression.Case(
                List.of(
                    new RemoteExpression.When(
                        new Comparison(Operator.GREATER, value, constant), constant)),
                Optional.of(value),
                column.type()));
        all.add(
            new RemoteExpression.Case(
                List.of(
                    new RemoteExpression.When(
                        new Comparison(Operator.EQUAL, value, constant), value)),
                Optional.empty(),
                column.type()));
      }
      all.add(new RemoteExpression.In(value, constants(value)));
      all.add(new RemoteExpression.Not(new RemoteExpression.In(value, constants(value))));
      for (RemoteColumn other : table().columns()) {
        if (other.type().equals(column.type())) {
          all.add(new Comparison(Operator.LESS_OR_EQUAL, value, new Column(0, other)));
          all.add(new Comparison(Operator.EQUAL, value, new Column(0, other)));
        }
      }
      if (column.type().equals("VARCHAR")) {
        for (String pattern :
            List.of("a", "a%", "%\\%", "%\\b", "_", "__", "é%", "", "%", "%a%_%")) {
          all.add(new Like(value, pattern));
        }
        all.add(new Call(Function.LENGTH, List.of(value), "BIGINT"));
        for (long from : new long[] {1, 2, 30}) {
          for (long length : new long[] {0, 1, 3}) {
            all.add(
                new Call(
                    Function.SUBSTRING,
                    List.of(value, of(from, "BIGINT"), of(length, "BIGINT")),
                    "VARCHAR"));
          }
        }
      }
      if (column.type().equals("DATE") || column.type().equals("TIMESTAMP")) {
        for (Function part : List.of(Function.YEAR, Function.MONTH, Function.DAY)) {
          all.add(new Call(part, List.of(value), "BIGINT"));
        }
        for (int months : new int[] {0, 1, -1, 13}) {
          for (int days : new int[] {0, 1, -31}) {
            all.add(new Shift(value, months, days, "TIMESTAMP"));
          }
        }
      }
    }
    RemoteExpression small = new Widen(col("i2"), "INTEGER");
    RemoteExpression wide = new Widen(col("i4"), "BIGINT");
    for (ArithmeticOperator operator : ArithmeticOperator.values()) {
      all.add(new Arithmetic(operator, small, of(100L, "INTEGER"), "INTEGER"));
      all.add(new Arithmetic(operator, wide, of(1_000_000L, "BIGINT"), "BIGINT"));
      all.add(
          new Arithmetic(
              operator,
              col("n"),
              of(new BigDecimal("1.05"), "DECIMAL(3,2)"),
              operator == ArithmeticOperator.MULTIPLY ? "DECIMAL(13,4)" : "DECIMAL(11,2)"));
    }
    all.add(new Widen(col("i4"), "DOUBLE"));
    all.add(new Widen(col("i8"), "HUGEINT"));
    all.add(new Widen(col("f4"), "DOUBLE"));
    all.add(new Widen(col("n"), "DECIMAL(20,4)"));
    all.add(new Widen(col("i8"), "DECIMAL(25,2)"));
    return all;
  }

  @Test
  void everyExpressionHasDuckDbsValueForEveryRow() {
    int exact = 0;
    List<String> wrong = new ArrayList<>();
    for (RemoteExpression expression : expressions()) {
      if (Conditions.support(expression, client().dialect()) == Support.EXACT) {
        exact++;
        compare(query(List.of(col("id"), expression), List.of(), List.of(), false), true, wrong);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(exact).isGreaterThan(900);
  }

  @Test
  void everyConditionKeepsDuckDbsRows() {
    List<String> wrong = new ArrayList<>();
    for (RemoteExpression expression : expressions()) {
      if (expression.type().equals("BOOLEAN")
          && Conditions.support(expression, client().dialect()) == Support.EXACT) {
        compare(query(List.of(col("id")), List.of(expression), List.of(), false), true, wrong);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void orderGroupsAndDistinctAreDuckDbs() {
    List<String> wrong = new ArrayList<>();
    for (RemoteColumn column : table().columns()) {
      Column value = new Column(0, column);
      if (client().dialect().orders(value)) {
        for (boolean descending : new boolean[] {false, true}) {
          for (boolean nullsFirst : new boolean[] {false, true}) {
            List<RemoteQuery.Order> order =
                List.of(
                    new RemoteQuery.Order(value, descending, nullsFirst),
                    new RemoteQuery.Order(col("id"), false, false));
            compare(query(List.of(col("id")), List.of(), order, false), false, wrong);
          }
        }
      }
      if (client().dialect().groups(value)) {
        compare(query(List.of(value), List.of(), List.of(), true), true, wrong);
        if (client().dialect().orders(value)) {
          compare(
              query(
                  List.of(value),
                  List.of(),
                  List.of(new RemoteQuery.Order(value, true, true)),
                  true),
              false,
              wrong);
        }
      }
      for (AggregateFunction function : AggregateFunction.values()) {
        for (boolean distinct : new boolean[] {false, true}) {
          for (boolean filtered : new boolean[] {false, true}) {
            Aggregate aggregate =
                new Aggregate(
                    function,
                    Optional.of(value),
                    distinct,
                    filtered
                        ? Optional.of(new Comparison(Operator.LESS, col("id"), of(3L, "INTEGER")))
                        : Optional.empty(),
                    result(function, column.type()));
            if (Conditions.support(aggregate, client().dialect()) == Support.EXACT
                && !(function == AggregateFunction.SUM && column.name().equals("w"))
                && !(function == AggregateFunction.AVG && column.name().equals("w"))) {
              compare(query(List.of(aggregate), List.of(), List.of(), false), true, wrong);
              compare(grouped(aggregate), true, wrong);
            }
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static String result(AggregateFunction function, String type) {
    return switch (function) {
      case COUNT -> "BIGINT";
      case AVG -> "DOUBLE";
      case MIN, MAX -> type;
      case SUM ->
          Decimal.find(type)
              .map(decimal -> "DECIMAL(38," + decimal.scale() + ")")
              .orElse("HUGEINT");
    };
  }

  @Test
  void joinsAndSubqueriesAreDuckDbs() {
    List<String> wrong = new ArrayList<>();
    RemoteFrom.Table left = new RemoteFrom.Table(0, table());
    RemoteFrom.Table right = new RemoteFrom.Table(1, table());
    for (String name : List.of("t", "v", "m", "o", "k", "c", "i4", "f8", "d", "tz", "id16", "b")) {
      for (String other :
          List.of("t", "v", "m", "o", "k", "c", "i4", "f8", "d", "tz", "id16", "b")) {
        Column here = col(name);
        Column there = new Column(1, table().column(other).orElseThrow());
        if (!here.type().equals(there.type())) {
          continue;
        }
        RemoteExpression equal = new Comparison(Operator.EQUAL, here, there);
        for (RemoteFrom.Kind kind : RemoteFrom.Kind.values()) {
          if (client().dialect().supports(kind)) {
            compare(
                from(
                    new RemoteFrom.Join(kind, left, right, Optional.of(equal)),
                    List.of(col("id"), new Column(1, table().column("id").orElseThrow())),
                    List.of()),
                true,
                wrong);
          }
        }
        RemoteQuery inner = from(right, List.of(there), List.of());
        compare(
            from(left, List.of(col("id")), List.of(new RemoteExpression.InQuery(here, inner))),
            true,
            wrong);
        compare(
            from(
                left,
                List.of(col("id")),
                List.of(new RemoteExpression.Not(new RemoteExpression.InQuery(here, inner)))),
            true,
            wrong);
        compare(
            from(
                left,
                List.of(col("id")),
                List.of(new RemoteExpression.Exists(from(right, List.of(there), List.of(equal))))),
            true,
            wrong);
      }
    }
    RemoteQuery distinct = query(List.of(col("t")), List.of(), List.of(), true);
    RemoteColumn output =
        new RemoteColumn(distinct.outputs().getFirst().name(), "VARCHAR", "text", true);
    compare(
        from(new RemoteFrom.Subquery(3, distinct), List.of(new Column(3, output)), List.of()),
        true,
        wrong);
    assertThat(wrong).isEmpty();
  }

  private static RemoteQuery from(
      RemoteFrom from, List<? extends RemoteExpression> values, List<RemoteExpression> where) {
    return new RemoteQuery(
        outputs(values),
        Optional.of(from),
        where,
        List.of(),
        List.of(),
        List.of(),
        false,
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  private static List<RemoteQuery.Output> outputs(List<? extends RemoteExpression> values) {
    List<RemoteQuery.Output> outputs = new ArrayList<>();
    for (RemoteExpression value : values) {
      outputs.add(new RemoteQuery.Output("c" + outputs.size(), value));
    }
    return outputs;
  }

  private static RemoteQuery query(
      List<RemoteExpression> values,
      List<RemoteExpression> where,
      List<RemoteQuery.Order> order,
      boolean distinct) {
    return new RemoteQuery(
        outputs(values),
        Optional.of(new RemoteFrom.Table(0, table())),
        where,
        List.of(),
        List.of(),
        order,
        distinct,
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  private static RemoteQuery grouped(Aggregate aggregate) {
    return new RemoteQuery(
        outputs(List.of(col("b"), aggregate)),
        Optional.of(new RemoteFrom.Table(0, table())),
        List.of(),
        List.of(col("b")),
        List.of(),
        List.of(new RemoteQuery.Order(col("b"), false, true)),
        false,
        OptionalLong.of(2),
        OptionalLong.of(1));
  }

  private static void compare(RemoteQuery query, boolean anyOrder, List<String> wrong) {
    String order = anyOrder ? " ORDER BY ALL" : "";
    String columns = "SELECT COLUMNS(*)::VARCHAR FROM ";
    String own = SPOKEN.query(query);
    String asked = client().text(query);
    try (SourceTransaction transaction = client().begin(false)) {
      DUCK.load("answer", query, transaction.read(query, DUCK.allocator));
      var expected = DUCK.rows(columns + "(" + own + ")" + order);
      var actual = DUCK.rows(columns + "answer" + order);
      if (!expected.equals(actual)) {
        wrong.add(asked + "\n  DuckDB: " + expected + "\n  source: " + actual);
      }
    } catch (RuntimeException e) {
      wrong.add(asked + "\n  " + own + "\n  " + e);
    }
  }
}
