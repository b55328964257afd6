package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.bind.Constants;
import dev.polder.sql.bind.ParameterValues;
import dev.polder.sql.remote.RemoteExpression;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Evaluates constant expressions by asking DuckDB, and asks it for the types of operators, so that
 * its rules need not be repeated. Used by one statement.
 */
public final class Folding {
  private final ConstantText texts;
  private final Constants constants;
  private final Map<String, String> types = new HashMap<>();

  public Folding(ParameterValues parameters, Constants constants) {
    this.texts = new ConstantText(parameters);
    this.constants = constants;
  }

  /** The value of an expression that is surely constant. */
  Optional<Constant> fold(JsonNode node) {
    Optional<Constant> plain = texts.plain(node);
    if (plain.isPresent()) {
      return plain;
    }
    return texts
        .sql(node)
        .map(sql -> {
          String type = type(sql);
          boolean bare = Trees.isClass(node, "CONSTANT");
          return new Constant(value(sql, type), type, sql, bare);
        });
  }

  /** DuckDB's type of an expression without columns. */
  String type(String sql) {
    return types.computeIfAbsent(
        sql, key -> text("typeof(" + key + ")").orElseThrow(() -> new NotPushed("no type")));
  }

  /** A placeholder of a type, to ask for the type of what is made of it. */
  static String sample(String type) {
    return "CAST(NULL AS " + type + ")";
  }

  /** The constant as DuckDB casts it to another type. */
  RemoteExpression.Literal as(Constant constant, String type) {
    return constant.type().equals(type)
        ? new RemoteExpression.Literal(constant.value(), type)
        : new RemoteExpression.Literal(
            value("TRY_CAST(" + constant.sql() + " AS " + type + ")", type), type);
  }

  private Optional<String> text(String sql) {
    return Optional.ofNullable(constants.evaluate(sql, List.of())).map(Object::toString);
  }

  private Object value(String sql, String type) {
    String wanted =
        type.equals(DuckTypes.ZONED)
            ? "CAST(epoch_us(" + sql + ") AS VARCHAR)"
            : "CAST(" + sql + " AS VARCHAR)";
    String text =
        text(wanted).orElseThrow(() -> new NotPushed("a constant without a value: " + type));
    try {
      return Objects.requireNonNull(parse(text, type));
    } catch (NumberFormatException | DateTimeException e) {
      throw new NotPushed("a constant that only DuckDB knows: " + type);
    }
  }

  private static Object parse(String text, String type) {
    if (DuckTypes.decimal(type).isPresent()) {
      return new BigDecimal(text);
    }
    return switch (type) {
      case "TINYINT", "SMALLINT", "INTEGER", "BIGINT" -> Long.valueOf(text);
      case "HUGEINT" -> new BigInteger(text);
      case DuckTypes.DOUBLE -> finite(text);
      case DuckTypes.BOOLEAN -> Boolean.valueOf(text);
      case DuckTypes.VARCHAR, DuckTypes.INTERVAL -> text;
      case DuckTypes.DATE -> LocalDate.parse(text);
      case DuckTypes.TIMESTAMP -> LocalDateTime.parse(text.replace(' ', 'T'));
      case DuckTypes.ZONED -> Instant.EPOCH.plus(Long.parseLong(text), ChronoUnit.MICROS);
      case "TIME" -> LocalTime.parse(text);
      case "UUID" -> UUID.fromString(text);
      default -> throw new NotPushed("a constant of type " + type);
    };
  }

  private static Double finite(String text) {
    Double value = Double.valueOf(text);
    if (!Double.isFinite(value)) {
      throw new NotPushed("a constant that is no finite number");
    }
    return value;
  }
}
