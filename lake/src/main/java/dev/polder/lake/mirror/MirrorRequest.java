package dev.polder.lake.mirror;

import dev.polder.metastore.mirror.MirrorMode;
import dev.polder.metastore.mirror.TimeoutAction;
import dev.polder.model.ClusterName;
import dev.polder.model.DatabaseName;
import java.util.Optional;

/**
 * What shall be mirrored. Immutable.
 *
 * @param cluster empty: the source is in this server
 */
public record MirrorRequest(
    DatabaseName name,
    Optional<ClusterName> cluster,
    DatabaseName source,
    MirrorMode mode,
    long syncTimeoutMicros,
    TimeoutAction onTimeout) {}
