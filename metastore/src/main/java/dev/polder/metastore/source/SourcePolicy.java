package dev.polder.metastore.source;

import dev.polder.metastore.access.PolicyKind;
import dev.polder.model.PolicyId;
import dev.polder.model.PrincipalId;
import dev.polder.model.RoleId;
import java.util.Optional;

/**
 * A row filter or a column mask on a table of a source. Immutable.
 *
 * @param column the column that a mask covers, lower-cased
 * @param role whose holders it applies to; empty: everybody
 */
public record SourcePolicy(
    PolicyId id,
    PolicyKind kind,
    String name,
    SourceTable table,
    Optional<String> column,
    Optional<RoleId> role,
    String expression,
    Optional<PrincipalId> createdBy,
    long createdAt) {}
