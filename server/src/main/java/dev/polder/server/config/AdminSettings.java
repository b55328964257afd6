package dev.polder.server.config;

import dev.polder.model.Secret;
import org.jspecify.annotations.Nullable;

/** The administrator that the first start makes. Immutable. */
public record AdminSettings(
    @Key(
            "Password of the user admin, set at every start. Unset, the first start makes a random"
                + " one and prints it once.")
        @Nullable Secret password) {}
