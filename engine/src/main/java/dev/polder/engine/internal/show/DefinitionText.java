package dev.polder.engine.internal.show;

import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.engine.internal.space.LiteralText;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.TableState;
import dev.polder.lake.ViewState;
import dev.polder.lake.type.IcebergTypes;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import dev.polder.model.TableRef;
import dev.polder.sql.statement.Identifiers;
import dev.polder.sql.statement.ObjectKind;
import dev.polder.sql.statement.ShowCreate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * What SHOW CREATE answers: a statement that makes an empty table or the view anew. It tells all
 * columns and properties, so it takes SELECT on the whole. Stateless.
 */
final class DefinitionText {
  static final List<Header> COLUMNS = List.of(Table.text("name"), Table.text("sql"));

  private static final String COMMENT = "comment";

  /** Properties that the server sets itself and CREATE TABLE refuses. */
  private static final Set<String> OWN =
      Set.of(
          COMMENT,
          "gc.enabled",
          "location",
          "uuid",
          "write.data.path",
          "write.metadata.path",
          "write.object-storage.enabled",
          "write.metadata.delete-after-commit.enabled");

  private DefinitionText() {}

  static Table of(BoundSpace space, ShowCreate show) {
    LakeCollection entry = space.visible(show.name());
    space
        .access()
        .onCollection(Privilege.SELECT, entry.schema(), entry.id(), entry.ref().toString())
        .require();
    if (entry.kind() == CollectionKind.GENERIC) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED, entry.ref() + " is a generic table, which SQL does not make");
    }
    if (entry.isView() != (show.kind() == ObjectKind.VIEW)) {
      throw new PolderException(
          ErrorCode.WRONG_OBJECT_TYPE,
          entry.ref()
              + (entry.isView()
                  ? " is a view; use SHOW CREATE VIEW"
                  : " is a table; use SHOW CREATE TABLE"));
    }
    String sql =
        entry.isView()
            ? view(entry.ref(), space.reader().view(entry))
            : table(entry.ref(), space.reader().table(entry));
    Table rows = Table.of(COLUMNS);
    rows.add(entry.ref().name(), sql);
    return rows;
  }

  private static String view(TableRef ref, ViewState view) {
    String columns =
        view.schema().columns().stream()
            .map(field -> Identifiers.quote(field.name()))
            .collect(Collectors.joining(", "));
    return "CREATE VIEW " + name(ref) + " (" + columns + ") AS " + view.sql();
  }

  static String table(TableRef ref, TableState table) {
    StringBuilder sql = new StringBuilder("CREATE TABLE ").append(name(ref)).append(" (\n");
    sql.append(
        table.schema().columns().stream()
            .map(DefinitionText::column)
            .collect(Collectors.joining(",\n")));
    sql.append("\n)");
    if (table.spec().isPartitioned()) {
      sql.append(
          table.spec().fields().stream()
              .map(field -> partition(table.schema(), field))
              .collect(Collectors.joining(", ", "\nPARTITIONED BY (", ")")));
    }
    Optional.ofNullable(table.properties().get(COMMENT))
        .ifPresent(text -> sql.append("\nCOMMENT ").append(Identifiers.literal(text)));
    sql.append(properties(table));
    return sql.toString();
  }

  private static String name(TableRef ref) {
    return Identifiers.quote(ref.schema().value()) + "." + Identifiers.quote(ref.name());
  }

  private static String column(Types.NestedField field) {
    StringBuilder sql = new StringBuilder("  ");
    sql.append(Identifiers.quote(field.name()))
        .append(' ')
        .append(IcebergTypes.toDuck(field.type()));
    if (field.isRequired()) {
      sql.append(" NOT NULL");
    }
    if (field.writeDefault() != null) {
      sql.append(" DEFAULT ").append(LiteralText.of(field.type(), field.writeDefault()));
    }
    if (field.doc() != null) {
      sql.append(" COMMENT ").append(Identifiers.literal(field.doc()));
    }
    return sql.toString();
  }

  /** Iceberg writes a transform as {@code bucket[16]}. */
  private static String partition(Schema schema, PartitionField field) {
    String path =
        Arrays.stream(schema.findColumnName(field.sourceId()).split("\\."))
            .map(Identifiers::quote)
            .collect(Collectors.joining("."));
    String transform = field.transform().toString();
    int bracket = transform.indexOf('[');
    if (bracket >= 0) {
      String argument = transform.substring(bracket + 1, transform.length() - 1);
      return transform.substring(0, bracket) + "(" + argument + ", " + path + ")";
    }
    return switch (transform) {
      case "identity" -> path;
      default -> transform + "(" + path + ")";
    };
  }

  private static String properties(TableState table) {
    Map<String, String> shown = new TreeMap<>(table.properties());
    shown.keySet().removeAll(OWN);
    shown.put("format-version", Integer.toString(table.formatVersion()));
    return shown.entrySet().stream()
        .map(entry ->
            Identifiers.literal(entry.getKey()) + " = " + Identifiers.literal(entry.getValue()))
        .collect(Collectors.joining(", ", "\nWITH (", ")"));
  }
}
