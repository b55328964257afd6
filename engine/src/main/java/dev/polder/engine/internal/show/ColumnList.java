package dev.polder.engine.internal.show;

import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.engine.internal.space.LiteralText;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.type.IcebergTypes;
import dev.polder.sql.statement.ObjectName;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/** What SHOW COLUMNS answers, in the form of DuckDB's DESCRIBE. Stateless. */
final class ColumnList {
  static final List<Header> COLUMNS =
      List.of(
          Table.text("column_name"),
          Table.text("column_type"),
          Table.text("null"),
          Table.text("key"),
          Table.text("default"),
          Table.text("extra"));

  private ColumnList() {}

  static Table of(BoundSpace space, ObjectName name) {
    LakeCollection entry = space.visible(name);
    Schema schema = space.reader().schema(entry);
    Table rows = Table.of(COLUMNS);
    for (Types.NestedField field : schema.columns()) {
      if (space.access().visible(entry.schema(), entry.id(), field.fieldId())) {
        rows.add(
            field.name(),
            IcebergTypes.toDuck(field.type()),
            field.isOptional() ? "YES" : "NO",
            null,
            Optional.ofNullable(field.writeDefault())
                .map(value -> LiteralText.of(field.type(), value))
                .orElse(null),
            null);
      }
    }
    return rows;
  }
}
