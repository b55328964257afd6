package dev.polder.server.config;

import dev.polder.model.Secret;
import org.jspecify.annotations.Nullable;

/** The administrator that the first start makes. Immutable. */
public record AdminSettings(
    @Key(
            "Password that the first start gives the user admin. Unset, it makes a random one and"
                + " prints it once.")
        @Nullable Secret password) {}
