package dev.polder.server.config;

import java.time.Duration;

/** How the server ends. Immutable. */
public record ShutdownSettings(
    @Key(
            value = "Running statements get this time to finish before they are cancelled.",
            byDefault = "10s",
            min = "0s")
        Duration grace) {}
