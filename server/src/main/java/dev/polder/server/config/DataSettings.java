package dev.polder.server.config;

import java.nio.file.Path;

/** Where this server keeps what is its own. Immutable. */
public record DataSettings(
    @Key(
            value =
                "Directory of the embedded metastore, the local warehouse, temporary files and"
                    + " ports.json. Made at the first start.",
            byDefault = "./polder-data")
        Path dir) {}
