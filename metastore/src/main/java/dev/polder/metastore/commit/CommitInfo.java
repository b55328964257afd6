package dev.polder.metastore.commit;

import dev.polder.model.PrincipalName;
import dev.polder.model.TenantId;
import java.util.Optional;

/** One entry of a database's commit log. Immutable. */
public record CommitInfo(
    long seq,
    long committedAt,
    Optional<PrincipalName> principal,
    TenantId tenant,
    String operation) {}
