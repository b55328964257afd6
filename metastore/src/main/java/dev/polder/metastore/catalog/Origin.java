package dev.polder.metastore.catalog;

import dev.polder.model.DatabaseId;

/**
 * The state that something was cut from: another database's, after one of its commits. Immutable.
 */
public record Origin(DatabaseId database, long seq) {}
