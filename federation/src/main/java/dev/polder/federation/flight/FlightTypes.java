package dev.polder.federation.flight;

import dev.polder.federation.arrow.ArrowTypes;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/** Which type of DuckDB's a column of an Arrow type is read as. Stateless. */
final class FlightTypes {
  private static final List<String> SAME =
      List.of(
          "BOOLEAN",
          "TINYINT",
          "SMALLINT",
          "INTEGER",
          "BIGINT",
          "UTINYINT",
          "USMALLINT",
          "UINTEGER",
          "UBIGINT",
          "FLOAT",
          "DOUBLE",
          "DATE",
          "TIME",
          "TIMESTAMP",
          "INTERVAL",
          "BLOB",
          "VARCHAR");

  private FlightTypes() {}

  /** The type whose values travel as this field's do; empty when there is none. */
  static Optional<String> read(Field field) {
    return switch (field.getType()) {
      case ArrowType.Decimal decimal when decimal.getBitWidth() == 128 ->
          Optional.of("DECIMAL(" + decimal.getPrecision() + "," + decimal.getScale() + ")");
      case ArrowType.Timestamp stamp when stamp.getTimezone() != null ->
          is(field, "TIMESTAMP WITH TIME ZONE")
              ? Optional.of("TIMESTAMP WITH TIME ZONE")
              : Optional.empty();
      case ArrowType.List ignored ->
          read(field.getChildren().getFirst()).map(element -> element + "[]");
      default -> SAME.stream().filter(type -> is(field, type)).findFirst();
    };
  }

  /** Whether values of DuckDB's type travel as this field's do, whatever their names. */
  static boolean is(Field field, String type) {
    Field wanted = ArrowTypes.field(field.getName(), type);
    return isSame(field, wanted);
  }

  private static boolean isSame(Field field, Field wanted) {
    if (!field.getType().equals(wanted.getType())
        || field.getChildren().size() != wanted.getChildren().size()) {
      return false;
    }
    for (int i = 0; i < field.getChildren().size(); i++) {
      if (!isSame(field.getChildren().get(i), wanted.getChildren().get(i))) {
        return false;
      }
    }
    return field.getDictionary() == null;
  }
}
