package dev.polder.metastore.catalog;

import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A database as of its last commit. Immutable.
 *
 * @param defaultDatabase where unqualified names go, as written; empty: this database itself
 * @param defaultSchema where unqualified names go, as written; empty: {@code main}
 */
public record Database(
    DatabaseId id,
    DatabaseName name,
    DatabaseKind kind,
    Optional<String> defaultDatabase,
    Optional<String> defaultSchema,
    Map<String, String> properties,
    long commitSeq,
    long committedAt,
    long createdAt,
    OptionalLong droppedAt) {}
