package dev.polder.lake;

import dev.polder.model.CollectionId;
import dev.polder.model.SchemaName;
import org.apache.iceberg.Schema;
import org.apache.iceberg.view.ViewMetadata;

/**
 * One version of a view. Immutable.
 *
 * @param sql the query in DuckDB's dialect
 */
public record ViewState(
    CollectionId id,
    String sql,
    Schema schema,
    SchemaName defaultSchema,
    String owner,
    ViewMetadata metadata) {}
