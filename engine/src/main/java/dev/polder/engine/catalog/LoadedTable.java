package dev.polder.engine.catalog;

import org.apache.iceberg.TableMetadata;

/**
 * A table's version for one principal. Immutable.
 *
 * @param metadata under the table's own identity
 * @param writable whether the principal may add or remove rows too
 */
public record LoadedTable(TableMetadata metadata, boolean writable) {}
