package dev.polder.engine.internal.define;

import dev.polder.engine.internal.execute.Execution;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.lake.type.IcebergTypes;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.analyse.Analysis;
import dev.polder.sql.statement.SqlText;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Values of DEFAULT clauses: constants, evaluated by DuckDB when the clause is written. */
final class DefaultValues {
  private DefaultValues() {}

  static Literal<?> literal(StatementContext context, String expression, Type type) {
    if (!type.isPrimitiveType()) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED, "only columns of simple types can have a default");
    }
    Analysis analysis = context.engine().analyzer().analyze(SqlText.of("SELECT " + expression));
    if (!analysis.tables().isEmpty() || !analysis.functions().isEmpty()) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED, "a default must be a constant, such as 0 or 'new'");
    }
    Object value;
    try (Execution execution = context.execution()) {
      value =
          execution
              .connection()
              .rows(
                  "SELECT CAST((" + expression + ") AS " + IcebergTypes.toDuck(type) + ")",
                  List.of())
              .getFirst()
              .getFirst();
    }
    return of(value, type);
  }

  private static Literal<?> of(@Nullable Object value, Type type) {
    Literal<?> literal =
        switch (value) {
          case Boolean flag -> Expressions.lit(flag);
          case Integer number -> Expressions.lit(number);
          case Long number -> Expressions.lit(number);
          case Float number -> Expressions.lit(number);
          case Double number -> Expressions.lit(number);
          case BigDecimal number -> Expressions.lit(number);
          case String text -> Expressions.lit(text);
          case UUID uuid -> Expressions.lit(uuid);
          case byte[] bytes -> Expressions.lit(ByteBuffer.wrap(bytes));
          case LocalDate date -> Expressions.lit(Math.toIntExact(date.toEpochDay()));
          case LocalTime time -> Expressions.lit(time.toNanoOfDay() / 1_000);
          case LocalDateTime time -> Expressions.lit(micros(time.toInstant(ZoneOffset.UTC)));
          case OffsetDateTime time -> Expressions.lit(micros(time.toInstant()));
          case null, default ->
              throw new PolderException(
                  ErrorCode.NOT_SUPPORTED,
                  "this value cannot be a default of type " + IcebergTypes.toDuck(type));
        };
    Literal<?> fitting = literal.to(type);
    if (fitting == null) {
      throw new PolderException(
          ErrorCode.TYPE_MISMATCH, "the default does not fit type " + IcebergTypes.toDuck(type));
    }
    return fitting;
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
