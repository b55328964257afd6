package dev.polder.server.config;

import java.time.Duration;

/** How long clients stay known. Immutable. */
public record AuthSettings(
    @Key(value = "Lifetime of a token given at login.", byDefault = "12h", min = "1m")
        Duration tokenTtl,
    @Key(
            value =
                "A session without statements is closed, and its transaction undone, after this"
                    + " time.",
            byDefault = "30m",
            min = "1s")
        Duration sessionIdleTimeout) {}
