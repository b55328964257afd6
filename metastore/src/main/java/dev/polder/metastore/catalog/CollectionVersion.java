package dev.polder.metastore.catalog;

import dev.polder.model.SchemaId;
import java.util.Optional;

/**
 * One step in the history of a table or view. Immutable.
 *
 * @param metadataLocation empty: this commit dropped it
 */
public record CollectionVersion(
    long seq, long committedAt, SchemaId schema, String name, Optional<String> metadataLocation) {}
