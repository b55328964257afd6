package dev.polder.policy;

import dev.polder.model.Secret;

/**
 * A client credential just made. The only moment at which its secret exists: the metastore keeps a
 * SHA-256 of it. Immutable.
 *
 * @param rotationRequired whether it is good for nothing but getting another secret
 */
public record IssuedCredential(String clientId, Secret clientSecret, boolean rotationRequired) {}
