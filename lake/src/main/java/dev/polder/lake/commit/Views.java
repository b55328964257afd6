package dev.polder.lake.commit;

import dev.polder.lake.ViewDefinition;
import dev.polder.lake.ViewState;
import dev.polder.model.CollectionId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaName;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.view.ImmutableSQLViewRepresentation;
import org.apache.iceberg.view.ImmutableViewVersion;
import org.apache.iceberg.view.SQLViewRepresentation;
import org.apache.iceberg.view.ViewMetadata;
import org.apache.iceberg.view.ViewVersion;

/** Views as Iceberg view metadata, in DuckDB's dialect. */
public final class Views {
  /** The name of DuckDB's dialect in view metadata. */
  public static final String DIALECT = "duckdb";

  /** Which of a view's properties names the principal with whose rights it reads. */
  public static final String OWNER = "owner";

  private Views() {}

  static ViewMetadata create(ViewDefinition definition, UUID uuid, String location) {
    return ViewMetadata.builder()
        .assignUUID(uuid.toString())
        .setLocation(location)
        .setProperties(properties(definition))
        .setCurrentVersion(version(definition, 1), definition.schema())
        .build();
  }

  static ViewMetadata replace(ViewMetadata base, ViewDefinition definition) {
    int last = base.versions().stream().mapToInt(ViewVersion::versionId).max().orElse(0);
    return ViewMetadata.buildFrom(base)
        .setProperties(properties(definition))
        .setCurrentVersion(version(definition, last + 1), definition.schema())
        .build();
  }

  /** What a view's metadata says to DuckDB. */
  public static ViewState state(CollectionId id, ViewMetadata metadata) {
    String sql =
        metadata.currentVersion().representations().stream()
            .filter(SQLViewRepresentation.class::isInstance)
            .map(SQLViewRepresentation.class::cast)
            .filter(text -> text.dialect().equalsIgnoreCase(DIALECT))
            .map(SQLViewRepresentation::sql)
            .findFirst()
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.NOT_SUPPORTED,
                    "the view has no text in the dialect '" + DIALECT + "'; replace it here"));
    Namespace namespace = metadata.currentVersion().defaultNamespace();
    return new ViewState(
        id,
        sql,
        metadata.schema(),
        namespace.isEmpty()
            ? SchemaName.MAIN
            : new SchemaName(String.join(".", namespace.levels())),
        metadata.properties().getOrDefault(OWNER, ""),
        metadata);
  }

  private static Map<String, String> properties(ViewDefinition definition) {
    Map<String, String> properties = new HashMap<>(definition.properties());
    properties.put(OWNER, definition.owner());
    return properties;
  }

  private static ViewVersion version(ViewDefinition definition, int id) {
    return ImmutableViewVersion.builder()
        .versionId(id)
        .timestampMillis(System.currentTimeMillis())
        .schemaId(definition.schema().schemaId())
        .defaultNamespace(Namespace.of(definition.defaultSchema().levels().toArray(String[]::new)))
        .putSummary("engine-name", "polder")
        .addRepresentations(
            ImmutableSQLViewRepresentation.builder().dialect(DIALECT).sql(definition.sql()).build())
        .build();
  }
}
