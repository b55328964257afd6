package dev.polder.sql.bind;

import dev.polder.lake.filter.LakeFilter;
import dev.polder.sql.analyse.PruneConjunct;
import dev.polder.sql.analyse.PruneConjunct.Condition;
import dev.polder.sql.analyse.PruneConjunct.Operand;
import dev.polder.sql.statement.SqlText;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Turns conjuncts of a query into conditions on a table's files. Whatever is not surely the same in
 * both worlds prunes nothing. Used by one statement.
 */
final class PruneFilters {
  private final SqlText text;
  private final ParameterValues parameters;
  private final Constants constants;

  PruneFilters(SqlText text, ParameterValues parameters, Constants constants) {
    this.text = text;
    this.parameters = parameters;
    this.constants = constants;
  }

  /**
   * The conjunction of those conjuncts that are about one reference.
   *
   * @param hidden ids of columns whose values the query does not see as they are stored
   */
  LakeFilter of(List<PruneConjunct> conjuncts, int reference, Schema schema, Set<Integer> hidden) {
    List<LakeFilter> filters = new ArrayList<>();
    for (PruneConjunct conjunct : conjuncts) {
      if (conjunct.table() == reference) {
        field(schema, conjunct.column())
            .filter(field -> !hidden.contains(field.fieldId()))
            .flatMap(field -> condition(conjunct, field))
            .ifPresent(filters::add);
      }
    }
    return filters.isEmpty() ? LakeFilter.ALL : new LakeFilter.And(filters);
  }

  private static Optional<Types.NestedField> field(Schema schema, List<String> path) {
    if (path.size() != 1) {
      return Optional.empty();
    }
    String name = path.getFirst().toLowerCase(Locale.ROOT);
    return schema.columns().stream()
        .filter(field -> field.name().toLowerCase(Locale.ROOT).equals(name))
        .filter(field -> field.type().isPrimitiveType())
        .findFirst();
  }

  private Optional<LakeFilter> condition(PruneConjunct conjunct, Types.NestedField field) {
    LakeFilter.Column column = LakeFilter.Column.of(field.name());
    return switch (conjunct.condition()) {
      case Condition.IsNull() -> Optional.of(new LakeFilter.IsNull(column));
      case Condition.IsNotNull() -> Optional.of(new LakeFilter.NotNull(column));
      case Condition.StartsWith(String prefix) ->
          field.type().typeId() == Type.TypeID.STRING
              ? Optional.of(new LakeFilter.StartsWith(column, prefix))
              : Optional.empty();
      case Condition.Comparison(var operator, var operand) ->
          literal(operand, field.type()).map(value -> comparison(column, operator, value));
      case Condition.Between(var low, var high) -> between(column, low, high, field.type());
      case Condition.In(var operands) -> in(column, operands, field.type());
    };
  }

  private Optional<LakeFilter> between(
      LakeFilter.Column column, Operand low, Operand high, Type type) {
    List<LakeFilter> bounds = new ArrayList<>();
    literal(low, type)
        .map(value -> comparison(column, PruneConjunct.Operator.GREATER_OR_EQUAL, value))
        .ifPresent(bounds::add);
    literal(high, type)
        .map(value -> comparison(column, PruneConjunct.Operator.LESS_OR_EQUAL, value))
        .ifPresent(bounds::add);
    return bounds.isEmpty() ? Optional.empty() : Optional.of(new LakeFilter.And(bounds));
  }

  private Optional<LakeFilter> in(LakeFilter.Column column, List<Operand> operands, Type type) {
    List<Object> values = new ArrayList<>();
    for (Operand operand : operands) {
      Optional<Object> value = literal(operand, type);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.add(value.get());
    }
    return Optional.of(new LakeFilter.In(column, values));
  }

  private static LakeFilter comparison(
      LakeFilter.Column column, PruneConjunct.Operator operator, Object value) {
    return new LakeFilter.Comparison(
        column,
        switch (operator) {
          case EQUAL -> LakeFilter.Operator.EQUAL;
          case NOT_EQUAL -> LakeFilter.Operator.NOT_EQUAL;
          case LESS -> LakeFilter.Operator.LESS;
          case LESS_OR_EQUAL -> LakeFilter.Operator.LESS_OR_EQUAL;
          case GREATER -> LakeFilter.Operator.GREATER;
          case GREATER_OR_EQUAL -> LakeFilter.Operator.GREATER_OR_EQUAL;
        },
        value);
  }

  /** The operand's value as the column's type would be compared with it; empty when unsure. */
  private Optional<Object> literal(Operand operand, Type type) {
    return switch (operand) {
      case Operand.Literal(var span) ->
          literal(text.toString().substring(span.start(), span.end()).strip(), type);
      case Operand.Parameter(String name) ->
          parameters
              .value(name)
              .flatMap(value ->
                  value instanceof String string
                      ? string(string, type)
                      : Optional.ofNullable(fitting(value, type)));
    };
  }

  private Optional<Object> literal(String sql, Type type) {
    if (sql.length() <= 18 && sql.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.ofNullable(fitting(Long.valueOf(sql), type));
    }
    if (sql.length() >= 2 && sql.startsWith("'") && sql.endsWith("'")) {
      String content = sql.substring(1, sql.length() - 1);
      if (content.replace("''", "").indexOf('\'') < 0) {
        return string(content.replace("''", "'"), type);
      }
    }
    return Optional.ofNullable(constants.evaluate(sql, List.of()))
        .flatMap(value -> Optional.ofNullable(fitting(value, type)));
  }

  /** DuckDB casts a string literal to the type it is compared with. */
  private Optional<Object> string(String value, Type type) {
    String target =
        switch (type.typeId()) {
          case STRING -> "";
          case DATE -> "DATE";
          case TIMESTAMP ->
              ((Types.TimestampType) type).shouldAdjustToUTC() ? "TIMESTAMPTZ" : "TIMESTAMP";
          case INTEGER -> "INTEGER";
          case LONG -> "BIGINT";
          case UUID -> "UUID";
          default -> "?";
        };
    if (target.isEmpty()) {
      return Optional.of(value);
    }
    return target.equals("?")
        ? Optional.empty()
        : Optional.ofNullable(constants.evaluate("TRY_CAST(? AS " + target + ")", List.of(value)))
            .flatMap(cast -> Optional.ofNullable(fitting(cast, type)));
  }

  /**
   * A value that is compared with the column as it is; null when the comparison casts the column.
   */
  private static @Nullable Object fitting(Object value, Type type) {
    return switch (type.typeId()) {
      case TIMESTAMP ->
          value instanceof LocalDate date && !((Types.TimestampType) type).shouldAdjustToUTC()
              ? date.atStartOfDay()
              : value instanceof java.time.OffsetDateTime time ? zoned(time, type) : value;
      case STRING -> value instanceof String ? value : null;
      default -> value;
    };
  }

  private static @Nullable Object zoned(java.time.OffsetDateTime time, Type type) {
    return ((Types.TimestampType) type).shouldAdjustToUTC() ? time.toInstant() : null;
  }
}
