package dev.polder.server.config;

import java.time.Duration;

/** What databases may use that set no quota themselves. Immutable. */
public record DatabaseQuotaSettings(
    @Key(
            value = "max_memory_bytes of a database that does not set it; 0B is without limit.",
            byDefault = "0B",
            min = "0B")
        ByteSize maxMemory,
    @Key(
            value = "max_storage_bytes of a database that does not set it; 0B is without limit.",
            byDefault = "0B",
            min = "0B")
        ByteSize maxStorage,
    @Key(
            value = "max_qps of a database that does not set it; 0 is without limit.",
            byDefault = "0",
            min = "0")
        int maxQps,
    @Key(
            value = "max_connections of a database that does not set it; 0 is without limit.",
            byDefault = "0",
            min = "0")
        int maxConnections,
    @Key(
            value = "max_temp_disk_bytes of a database that does not set it; 0B is without limit.",
            byDefault = "0B",
            min = "0B")
        ByteSize maxTempDisk,
    @Key(
            value = "max_threads of a database that does not set it; 0 is without limit.",
            byDefault = "0",
            min = "0",
            max = "1024")
        int maxThreads,
    @Key(
            value =
                "max_statement_seconds of a database that does not set it; 0s is without limit.",
            byDefault = "0s",
            min = "0s")
        Duration maxStatementTime) {}
