package dev.polder.policy.admin;

import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseRole;

/** A database role with its receiver's name. Immutable. */
public record ShownDatabaseGrant(Grantee grantee, DatabaseRole role, DatabaseId database) {}
