package dev.polder.metastore.lineage;

import dev.polder.model.DatabaseId;

/**
 * One database's dependence on another one's files. Immutable.
 *
 * @param parentSeq the parent's commit whose state the child began with, or has last taken over
 * @param firstSeq the child's own first commit
 */
public record Lineage(
    DatabaseId child,
    DatabaseId parent,
    LineageKind kind,
    long parentSeq,
    long firstSeq,
    long createdAt) {}
