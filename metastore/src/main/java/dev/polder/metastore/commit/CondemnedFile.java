package dev.polder.metastore.commit;

import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;

/** A file that no kept version names and that the collector will delete. Immutable. */
public record CondemnedFile(
    String path, DatabaseId database, CollectionId collection, long since) {}
