package dev.polder.engine.internal.space;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.type.IcebergTypes;
import dev.polder.model.PrincipalName;
import dev.polder.policy.Access;
import dev.polder.sql.authorise.SpaceReader;
import dev.polder.sql.catalog.VisibleCollection;
import dev.polder.sql.catalog.VisibleColumn;
import dev.polder.sql.catalog.VisibleSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/** Gathers what a principal may see of a space. Stateless. */
public final class VisibleSpaces {
  private VisibleSpaces() {}

  /**
   * Reads names and columns of everything visible.
   *
   * @param databases names that the principal may bind to
   */
  public static VisibleSpace of(
      SpaceReader reader,
      Access access,
      String database,
      PrincipalName principal,
      List<String> databases) {
    List<String> schemas =
        reader.schemas().stream()
            .filter(schema -> access.visible(schema.id()))
            .map(schema -> schema.name().value())
            .toList();
    List<VisibleCollection> collections = new ArrayList<>();
    for (LakeCollection entry : reader.collections()) {
      if (access.visible(entry.schema(), entry.id())) {
        collections.add(visible(reader, access, entry));
      }
    }
    return new VisibleSpace(database, principal.value(), databases, schemas, collections);
  }

  private static VisibleCollection visible(
      SpaceReader reader, Access access, LakeCollection entry) {
    Schema schema = reader.schema(entry);
    Optional<String> comment =
        switch (entry.kind()) {
          case TABLE -> Optional.ofNullable(reader.table(entry).properties().get("comment"));
          case VIEW ->
              Optional.ofNullable(reader.view(entry).metadata().properties().get("comment"));
          case GENERIC -> Optional.empty();
        };
    List<VisibleColumn> columns = new ArrayList<>();
    for (Types.NestedField field : schema.columns()) {
      if (access.visible(entry.schema(), entry.id(), field.fieldId())) {
        columns.add(
            new VisibleColumn(
                field.name(),
                IcebergTypes.toDuck(field.type()),
                field.isOptional(),
                Optional.ofNullable(field.writeDefault())
                    .map(value -> LiteralText.of(field.type(), value)),
                Optional.ofNullable(field.doc())));
      }
    }
    return new VisibleCollection(
        entry.id(),
        entry.ref().schema().value(),
        entry.ref().name(),
        switch (entry.kind()) {
          case TABLE -> VisibleCollection.Kind.TABLE;
          case VIEW -> VisibleCollection.Kind.VIEW;
          case GENERIC -> VisibleCollection.Kind.FOREIGN;
        },
        entry.isView() ? Optional.of(reader.view(entry).sql()) : Optional.empty(),
        comment,
        columns);
  }
}
