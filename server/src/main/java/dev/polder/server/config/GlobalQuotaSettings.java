package dev.polder.server.config;

/**
 * Limits of all databases together. Servers that share a metastore share them: those of the server
 * that started last hold. Immutable.
 */
public record GlobalQuotaSettings(
    @Key(
            value =
                "Memory of all databases' instances together, on all servers; 0B is without limit.",
            byDefault = "0B",
            min = "0B")
        ByteSize maxMemory,
    @Key(
            value = "Storage of all databases together; 0B is without limit.",
            byDefault = "0B",
            min = "0B")
        ByteSize maxStorage,
    @Key(
            value =
                "Statements a second in all databases together, on all servers; 0 is without limit.",
            byDefault = "0",
            min = "0")
        int maxQps,
    @Key(
            value = "Connections to all databases together, on all servers; 0 is without limit.",
            byDefault = "0",
            min = "0")
        int maxConnections,
    @Key(
            value = "Temporary space of all databases' instances together; 0B is without limit.",
            byDefault = "0B",
            min = "0B")
        ByteSize maxTempDisk) {}
