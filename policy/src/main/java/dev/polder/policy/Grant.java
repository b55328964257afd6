package dev.polder.policy;

import dev.polder.model.Privilege;
import dev.polder.model.Securable;

/** One privilege on one securable. Immutable. */
public record Grant(Privilege privilege, Securable securable) {}
