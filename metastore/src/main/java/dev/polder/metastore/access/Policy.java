package dev.polder.metastore.access;

import dev.polder.model.CollectionId;
import dev.polder.model.PolicyId;
import dev.polder.model.PrincipalId;
import dev.polder.model.RoleId;
import dev.polder.model.SpaceKey;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A row filter or a column mask on a table or view. Immutable.
 *
 * @param fieldId the column that a mask covers
 * @param role whose holders it applies to; empty: everybody
 */
public record Policy(
    PolicyId id,
    PolicyKind kind,
    String name,
    SpaceKey space,
    CollectionId collection,
    OptionalInt fieldId,
    Optional<RoleId> role,
    String expression,
    Optional<PrincipalId> createdBy,
    long createdAt) {}
