package dev.polder.metastore.catalog;

import dev.polder.metastore.audit.DmlAudit;
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
 * @param historySeq states before this commit cannot be asked for any more
 * @param purgedAt when it was ended for good after it had been dropped
 * @param expiresAt when it shall be dropped
 * @param auditDml which statements about rows its audit trail keeps
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
    OptionalLong droppedAt,
    long historySeq,
    OptionalLong purgedAt,
    OptionalLong expiresAt,
    DmlAudit auditDml) {}
