package dev.polder.server.config;

import java.time.Duration;

/** How clients are known, and for how long. Immutable. */
public record AuthSettings(
    @Key(value = "Lifetime of a token given at login.", byDefault = "12h", min = "1m")
        Duration tokenTtl,
    @Key(
            value =
                "A session without statements is closed, and its transaction undone, after this"
                    + " time.",
            byDefault = "30m",
            min = "1s")
        Duration sessionIdleTimeout,
    @Key(
            value =
                "Lets identity providers on other machines be asked over http: whoever can change"
                    + " what they answer can then log in as anybody of their tenants.",
            byDefault = "false")
        boolean identityProviderHttp) {}
