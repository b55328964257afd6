package dev.polder.lake.type;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.stream.Collectors;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * DuckDB's names of Iceberg types. The way back, which may widen, is {@link DuckTypeParser}.
 *
 * <p>Of DuckDB's types without an Iceberg counterpart some are widened with a notice: TINYINT,
 * SMALLINT, UTINYINT and USMALLINT to INTEGER, UINTEGER to BIGINT, UBIGINT to DECIMAL(20,0),
 * HUGEINT to DECIMAL(38,0), ENUM and JSON to VARCHAR, TIMESTAMP_S and TIMESTAMP_MS to TIMESTAMP,
 * arrays of fixed length to lists. The others (INTERVAL, BIT, UNION, TIME WITH TIME ZONE, UHUGEINT
 * …) are refused, and TIMESTAMP_NS needs format version 3.
 */
public final class IcebergTypes {
  private IcebergTypes() {}

  /** The type as DuckDB's SQL writes it. */
  public static String toDuck(Type type) {
    return switch (type.typeId()) {
      case BOOLEAN -> "BOOLEAN";
      case INTEGER -> "INTEGER";
      case LONG -> "BIGINT";
      case FLOAT -> "FLOAT";
      case DOUBLE -> "DOUBLE";
      case DATE -> "DATE";
      case TIME -> "TIME";
      case TIMESTAMP ->
          ((Types.TimestampType) type).shouldAdjustToUTC()
              ? "TIMESTAMP WITH TIME ZONE"
              : "TIMESTAMP";
      case TIMESTAMP_NANO -> {
        if (((Types.TimestampNanoType) type).shouldAdjustToUTC()) {
          throw unsupported(type);
        }
        yield "TIMESTAMP_NS";
      }
      case STRING -> "VARCHAR";
      case UUID -> "UUID";
      case FIXED, BINARY -> "BLOB";
      case DECIMAL -> {
        Types.DecimalType decimal = (Types.DecimalType) type;
        yield "DECIMAL(" + decimal.precision() + "," + decimal.scale() + ")";
      }
      case STRUCT ->
          type.asStructType().fields().stream()
              .map(field -> quote(field.name()) + " " + toDuck(field.type()))
              .collect(Collectors.joining(", ", "STRUCT(", ")"));
      case LIST -> toDuck(type.asListType().elementType()) + "[]";
      case MAP ->
          "MAP("
              + toDuck(type.asMapType().keyType())
              + ", "
              + toDuck(type.asMapType().valueType())
              + ")";
      case UNKNOWN -> "INTEGER";
      case VARIANT, GEOMETRY, GEOGRAPHY -> throw unsupported(type);
    };
  }

  /** A name as an SQL identifier. */
  public static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static PolderException unsupported(Type type) {
    return new PolderException(
        ErrorCode.NOT_SUPPORTED, "columns of Iceberg type " + type + " cannot be read here");
  }
}
