package dev.polder.engine.management;

import dev.polder.model.Secret;

/** A client credential just made: nobody can read its secret again. Immutable. */
public record Credentials(String clientId, Secret clientSecret) {}
