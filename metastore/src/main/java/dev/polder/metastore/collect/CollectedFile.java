package dev.polder.metastore.collect;

import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import java.util.OptionalLong;

/**
 * An entry of the collector's journal. Immutable.
 *
 * @param deletedAt empty: it is about to be deleted
 */
public record CollectedFile(
    String path,
    DatabaseId database,
    CollectionId collection,
    long condemnedAt,
    long collectedAt,
    OptionalLong deletedAt) {}
