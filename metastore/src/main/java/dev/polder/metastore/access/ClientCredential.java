package dev.polder.metastore.access;

import dev.polder.model.PrincipalId;

/**
 * The id and secret with which a program logs a principal in; only the secret's hash is kept.
 * Immutable.
 *
 * @param rotationRequired whether it is good for nothing but getting a new secret
 */
public record ClientCredential(
    String clientId, PrincipalId principal, boolean rotationRequired, long createdAt) {}
