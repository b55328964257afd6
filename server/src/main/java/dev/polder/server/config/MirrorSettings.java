package dev.polder.server.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How databases of other servers are mirrored. Immutable. */
public record MirrorSettings(
    @Key(
            value =
                "Lets clusters on other machines have http:// URLs: tokens and data then cross the"
                    + " network unencrypted.",
            byDefault = "false")
        boolean plainHttp,
    @Key(
            "PEM file with certificates of clusters, or of authorities that vouch for them, to be"
                + " trusted besides this machine's authorities; read for each connection.")
        @Nullable Path certificates,
    @Key(
            value =
                "The key that other servers' tokens, and plans of scans that engines carry, are"
                    + " encrypted with; made when it is first needed. Servers of one metastore"
                    + " need the same one.",
            derived = "`secret.key` in `data.dir`")
        Path keyFile) {}
