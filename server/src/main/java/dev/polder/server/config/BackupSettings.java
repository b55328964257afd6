package dev.polder.server.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where backups may be written and read, and how they are encrypted. Immutable. */
public record BackupSettings(
    @Key(
            value = "Directory below which backups may be written and read.",
            derived = "`backups` in `data.dir`")
        Path dir,
    @Key(
            "An s3:// prefix below which backups may be written and read too, with the region and"
                + " keys of warehouse.s3; unset: none in object stores.")
        @Nullable String s3,
    @Key(
            value =
                "The key that backups are encrypted with; made at the first one. Keep a copy apart"
                    + " from the backups: without it they are lost.",
            derived = "`backup.key` in `data.dir`")
        Path keyFile) {}
