package dev.polder.sql.bind;

import dev.polder.duck.scan.ScanColumn;
import dev.polder.duck.write.WriteColumn;
import dev.polder.lake.type.IcebergTypes;
import java.util.List;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Iceberg columns in the words of DuckDB's scans and writers. Stateless. */
public final class ScanColumns {
  private ScanColumns() {}

  /** The columns that a scan of the table gives. */
  public static List<ScanColumn> of(List<Types.NestedField> fields) {
    return fields.stream()
        .map(field -> column(field.name(), field.type(), field.fieldId(), field.initialDefault()))
        .toList();
  }

  private static ScanColumn column(
      String name, Type type, int id, @Nullable Object initialDefault) {
    return new ScanColumn(
        name,
        IcebergTypes.toDuck(type),
        id,
        children(type),
        initialDefault == null ? null : Literals.text(initialDefault, type));
  }

  private static List<ScanColumn> children(Type type) {
    return switch (type.typeId()) {
      case STRUCT -> of(type.asStructType().fields());
      case LIST ->
          List.of(
              column(
                  "element", type.asListType().elementType(), type.asListType().elementId(), null));
      case MAP ->
          List.of(
              column("key", type.asMapType().keyType(), type.asMapType().keyId(), null),
              column("value", type.asMapType().valueType(), type.asMapType().valueId(), null));
      default -> List.of();
    };
  }

  /** The columns that a table's new files have. */
  public static List<WriteColumn> written(List<Types.NestedField> fields) {
    return fields.stream()
        .map(field -> writeColumn(field.name(), field.type(), field.fieldId(), field.isRequired()))
        .toList();
  }

  private static WriteColumn writeColumn(String name, Type type, int id, boolean required) {
    List<WriteColumn> children =
        switch (type.typeId()) {
          case STRUCT -> written(type.asStructType().fields());
          case LIST ->
              List.of(
                  writeColumn(
                      "element",
                      type.asListType().elementType(),
                      type.asListType().elementId(),
                      false));
          case MAP ->
              List.of(
                  writeColumn("key", type.asMapType().keyType(), type.asMapType().keyId(), true),
                  writeColumn(
                      "value", type.asMapType().valueType(), type.asMapType().valueId(), false));
          default -> List.of();
        };
    return new WriteColumn(name, IcebergTypes.toDuck(type), id, required, children);
  }
}
