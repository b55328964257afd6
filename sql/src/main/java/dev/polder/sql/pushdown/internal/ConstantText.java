package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.bind.ParameterValues;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes constant expressions as SQL for DuckDB: literals, values of parameters, casts between
 * simple types, arithmetic, intervals and comparisons of these. Anything else is no constant.
 */
final class ConstantText {
  private static final Pattern INTEGER = Pattern.compile("-?\\d+");
  private static final Pattern NUMERIC = Pattern.compile("-?\\d*\\.?\\d*([eE][+-]?\\d+)?");
  private static final int SAFE_DIGITS = 18;

  private static final Set<String> FUNCTIONS =
      Set.of(
          "to_years",
          "to_quarters",
          "to_months",
          "to_weeks",
          "to_days",
          "to_hours",
          "to_minutes",
          "to_seconds",
          "trunc");

  private static final Set<String> TYPES =
      Set.of(
          "BOOLEAN",
          "TINYINT",
          "SMALLINT",
          "INTEGER",
          "BIGINT",
          "HUGEINT",
          "DOUBLE",
          "DECIMAL",
          "NUMERIC",
          "VARCHAR",
          "TEXT",
          "DATE",
          "TIME",
          "TIMESTAMP",
          "TIMESTAMPTZ",
          "TIMESTAMP WITH TIME ZONE",
          "INTERVAL",
          "UUID",
          "INT",
          "INT4",
          "INT8",
          "FLOAT8",
          "STRING");

  private final ParameterValues parameters;

  ConstantText(ParameterValues parameters) {
    this.parameters = parameters;
  }

  /** Literals whose type and value are plain to see. */
  Optional<Constant> plain(JsonNode node) {
    if (Trees.isClass(node, "PARAMETER")) {
      return parameters
          .value(Trees.text(node, "identifier"))
          .filter(String.class::isInstance)
          .map(value -> string(value.toString()));
    }
    if (!Trees.isClass(node, "CONSTANT")) {
      return Optional.empty();
    }
    String text = Trees.text(node.path("literal"), "text");
    return switch (Trees.text(node.path("literal"), "kind")) {
      case "STRING" -> Optional.of(string(text));
      case "BOOLEAN" ->
          Optional.of(new Constant(Boolean.valueOf(text), DuckTypes.BOOLEAN, text, true));
      case "INTEGER" ->
          INTEGER.matcher(text).matches() && text.length() <= SAFE_DIGITS
              ? Optional.of(integer(Long.parseLong(text), text))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Constant integer(long value, String sql) {
    return new Constant(value, value == (int) value ? "INTEGER" : "BIGINT", sql, true);
  }

  private static Constant string(String text) {
    return new Constant(text, DuckTypes.VARCHAR, quoted(text), true);
  }

  private static String quoted(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new NotPushed("a text with a zero character");
    }
    return "'" + text.replace("'", "''") + "'";
  }

  /** The expression; empty when it is no known constant one. */
  Optional<String> sql(JsonNode node) {
    return switch (Trees.text(node, "class")) {
      case "CONSTANT" -> literal(node.path("literal"));
      case "PARAMETER" ->
          parameters.value(Trees.text(node, "identifier")).flatMap(ConstantText::parameter);
      case "CAST" -> cast(node);
      case "FUNCTION" -> function(node);
      default -> Optional.empty();
    };
  }

  private static Optional<String> literal(JsonNode literal) {
    String text = Trees.text(literal, "text");
    return switch (Trees.text(literal, "kind")) {
      case "INTEGER" -> INTEGER.matcher(text).matches() ? Optional.of(text) : Optional.empty();
      case "NUMERIC" ->
          NUMERIC.matcher(text).matches() && text.chars().anyMatch(Character::isDigit)
              ? Optional.of(text)
              : Optional.empty();
      case "STRING" -> Optional.of(quoted(text));
      case "BOOLEAN" -> Optional.of(Boolean.parseBoolean(text) ? "true" : "false");
      default -> Optional.empty();
    };
  }

  private static Optional<String> parameter(Object value) {
    return switch (value) {
      case String text -> Optional.of(quoted(text));
      case Boolean flag -> Optional.of(flag.toString());
      case Byte number -> Optional.of(number.toString());
      case Short number -> Optional.of(number.toString());
      case Integer number -> Optional.of(number.toString());
      case Long number -> Optional.of(number.toString());
      case BigInteger number -> Optional.of(number.toString());
      case BigDecimal number -> Optional.of(number.toPlainString());
      case LocalDate date -> Optional.of("CAST(" + quoted(date.toString()) + " AS DATE)");
      case LocalDateTime time -> Optional.of("CAST(" + quoted(time.toString()) + " AS TIMESTAMP)");
      default -> Optional.empty();
    };
  }

  private Optional<String> cast(JsonNode node) {
    if (node.path("try_cast").asBoolean()) {
      return Optional.empty();
    }
    return type(node.path("type_expr"))
        .flatMap(
            type -> sql(node.path("child")).map(child -> "CAST(" + child + " AS " + type + ")"));
  }

  /** A cast's type as DuckDB takes it; empty for types that are not simple. */
  static Optional<String> type(JsonNode type) {
    String name = Trees.text(type, "type_name").toUpperCase(Locale.ROOT);
    if (!TYPES.contains(name) || type.path("qualified_name").path("path").size() != 1) {
      return Optional.empty();
    }
    if (type.path("children").isEmpty()) {
      return Optional.of(name);
    }
    StringBuilder result = new StringBuilder(name);
    String separator = "(";
    for (JsonNode child : type.path("children")) {
      String text = Trees.text(child.path("literal"), "text");
      if (!INTEGER.matcher(text).matches()) {
        return Optional.empty();
      }
      result.append(separator).append(text);
      separator = ",";
    }
    return Optional.of(result.append(')').toString());
  }

  private Optional<String> function(JsonNode node) {
    String name = Trees.function(node);
    List<JsonNode> arguments = Trees.arguments(node);
    boolean operator = node.path("is_operator").asBoolean();
    if (operator && Set.of("+", "-", "*").contains(name) && arguments.size() == 2) {
      return sql(arguments.getFirst())
          .flatMap(left ->
              sql(arguments.get(1)).map(right -> "(" + left + " " + name + " " + right + ")"));
    }
    if (operator && name.equals("-") && arguments.size() == 1) {
      return sql(arguments.getFirst()).map(operand -> "(- " + operand + ")");
    }
    return !operator && FUNCTIONS.contains(name) && arguments.size() == 1
        ? sql(arguments.getFirst()).map(operand -> name + "(" + operand + ")")
        : Optional.empty();
  }
}
