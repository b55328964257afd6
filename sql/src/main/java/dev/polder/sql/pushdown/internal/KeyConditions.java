package dev.polder.sql.pushdown.internal;

import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.Comparison;
import dev.polder.sql.remote.RemoteExpression.Literal;
import dev.polder.sql.remote.RemoteExpression.Operator;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Conditions on a column made of keys that were found elsewhere. Stateless. */
public final class KeyConditions {
  private KeyConditions() {}

  public static Optional<RemoteExpression> of(
      RemoteColumn column, List<? extends @Nullable Object> keys, int most) {
    Set<Literal> values = new LinkedHashSet<>();
    for (Object key : keys) {
      if (key == null) {
        continue;
      }
      if (!comparable(key, column.type())) {
        return Optional.empty();
      }
      literal(key, column.type()).ifPresent(values::add);
    }
    RemoteExpression operand = new RemoteExpression.Column(0, column);
    if (values.isEmpty()) {
      return Optional.of(new Literal(false, DuckTypes.BOOLEAN));
    }
    return values.size() <= most
        ? Optional.of(new RemoteExpression.In(operand, List.copyOf(values)))
        : range(operand, values);
  }

  private static boolean isNumber(Object key) {
    return switch (key) {
      case Byte _, Short _, Integer _, Long _, BigInteger _, BigDecimal _ -> true;
      default -> false;
    };
  }

  /** Whether DuckDB compares the key with the column without a cast that loses anything. */
  private static boolean comparable(Object key, String type) {
    if (DuckTypes.isInteger(type) || DuckTypes.decimal(type).isPresent()) {
      return isNumber(key);
    }
    return switch (type) {
      case DuckTypes.VARCHAR -> key instanceof String;
      case DuckTypes.DATE -> key instanceof LocalDate;
      case DuckTypes.TIMESTAMP -> key instanceof LocalDateTime;
      case "UUID" -> key instanceof UUID;
      default -> false;
    };
  }

  /** Empty for a number that the column cannot hold. */
  private static Optional<Literal> literal(Object key, String type) {
    if (!isNumber(key)) {
      return Optional.of(new Literal(key, type));
    }
    BigDecimal number = new BigDecimal(key.toString());
    return Casts.holds(type, number) ? Optional.of(Casts.exact(number, type)) : Optional.empty();
  }

  private static Optional<RemoteExpression> range(RemoteExpression operand, Set<Literal> values) {
    String type = operand.type();
    boolean ordered =
        DuckTypes.isInteger(type)
            || DuckTypes.decimal(type).isPresent()
            || type.equals(DuckTypes.DATE)
            || type.equals(DuckTypes.TIMESTAMP);
    if (!ordered) {
      return Optional.empty();
    }
    List<Literal> sorted = new ArrayList<>(values);
    sorted.sort(ORDER);
    return Optional.of(
        new RemoteExpression.And(
            List.of(
                new Comparison(Operator.GREATER_OR_EQUAL, operand, sorted.getFirst()),
                new Comparison(Operator.LESS_OR_EQUAL, operand, sorted.getLast()))));
  }

  private static final Comparator<Literal> ORDER =
      (left, right) ->
          switch (left.value()) {
            case LocalDate date when right.value() instanceof LocalDate other ->
                date.compareTo(other);
            case LocalDateTime time when right.value() instanceof LocalDateTime other ->
                time.compareTo(other);
            case null, default ->
                new BigDecimal(String.valueOf(left.value()))
                    .compareTo(new BigDecimal(String.valueOf(right.value())));
          };
}
