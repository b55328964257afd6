package dev.polder.policy.admin;

import dev.polder.model.Privilege;
import dev.polder.model.Securable;

/** A grant with its receiver's name. Immutable. */
public record ShownGrant(Grantee grantee, Privilege privilege, Securable securable) {}
