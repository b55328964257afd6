package dev.polder.server.config;

import java.time.Duration;

/** What is kept, for how long, and how often the background work looks. Immutable. */
public record MaintenanceSettings(
    @Key(
            value = "States of tables up to this age can be asked for and cloned.",
            byDefault = "7d",
            min = "1s")
        Duration retention,
    @Key(
            value = "A dropped database can be had back with UNDROP for this long.",
            byDefault = "7d",
            min = "1s")
        Duration undropRetention,
    @Key(
            value =
                "A file is deleted when nothing has reached it for this long, and nothing that still"
                    + " runs began before.",
            byDefault = "24h",
            min = "1s")
        Duration grace,
    @Key(value = "What was deleted is remembered for this long.", byDefault = "30d", min = "1s")
        Duration journal,
    @Key(
            value = "How often files that nothing reaches are looked for.",
            byDefault = "1h",
            min = "1s")
        Duration collectEvery,
    @Key(
            value =
                "How often the whole warehouse is looked through for files that no commit names.",
            byDefault = "1d",
            min = "1s")
        Duration sweepEvery,
    @Key(
            value = "How often databases past their expires_after are looked for.",
            byDefault = "30s",
            min = "1s")
        Duration expireEvery,
    @Key(value = "Background jobs at once.", byDefault = "2", min = "1", max = "64") int threads) {}
