package dev.polder.lake;

import dev.polder.model.SchemaName;
import java.util.Map;
import org.apache.iceberg.Schema;

/**
 * A view to be made.
 *
 * @param sql the query's text in DuckDB's dialect
 * @param schema the query's columns
 * @param defaultSchema where unqualified names of the query resolve
 * @param owner whose grants the view reads with
 */
public record ViewDefinition(
    String sql,
    Schema schema,
    SchemaName defaultSchema,
    String owner,
    Map<String, String> properties) {
  public ViewDefinition {
    properties = Map.copyOf(properties);
  }
}
