package dev.polder.metastore.access;

import dev.polder.model.PrincipalId;
import dev.polder.model.Privilege;
import dev.polder.model.RoleId;
import dev.polder.model.Securable;
import java.util.Optional;

/** A privilege that a role holds on a securable. Immutable. */
public record Grant(
    RoleId role,
    Privilege privilege,
    Securable securable,
    Optional<PrincipalId> grantedBy,
    long grantedAt) {}
