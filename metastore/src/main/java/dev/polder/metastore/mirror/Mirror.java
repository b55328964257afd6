package dev.polder.metastore.mirror;

import dev.polder.model.ClusterName;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import java.util.Optional;

/**
 * A database that follows another one. Times are microseconds. Immutable.
 *
 * @param cluster where the source is; empty: in this server
 * @param sourceId the source in this server; empty: it is elsewhere, or was dropped
 * @param sourceName the source's name when the mirror was made
 * @param syncTimeoutMicros how long a commit of the source waits, in {@link MirrorMode#SYNC}
 * @param root the warehouse that the mirror's own files lie in
 * @param epoch moves when nobody may apply any more what was read under the one before
 * @param lastApplied the source's commit that the mirror holds the state of
 * @param sourceSeq the source's newest commit known
 * @param contactAt when the source was last heard of
 * @param currentAt when the mirror last held all that the source had
 * @param appliedAt when it last took a commit over; 0: never
 * @param sourceIdentity which database elsewhere it follows, whatever has its name by now
 * @param lease what keeps the source's files while the mirror begins
 */
public record Mirror(
    DatabaseId database,
    Optional<ClusterName> cluster,
    Optional<DatabaseId> sourceId,
    DatabaseName sourceName,
    MirrorMode mode,
    long syncTimeoutMicros,
    TimeoutAction onTimeout,
    MirrorState state,
    String root,
    long epoch,
    long lastApplied,
    long sourceSeq,
    long contactAt,
    long currentAt,
    long appliedAt,
    long accessEpoch,
    long bytesDone,
    long bytesTotal,
    Optional<String> lease,
    Optional<String> error,
    Optional<String> sourceIdentity,
    long createdAt) {
  private static final long CONTACT_MICROS = 3_000_000;
  private static final long DEGRADED_MICROS = 5_000_000;
  private static final long DISCONNECTED_MICROS = 30_000_000;

  public boolean isReadOnly() {
    return state != MirrorState.PROMOTED;
  }

  /** Whether it ever held a whole state of its source. */
  public boolean isComplete() {
    return lastApplied >= 0;
  }

  /** With what its source in this server has by now; nothing is heard of one that is gone. */
  Mirror observed(long newest, long behindSince, boolean gone) {
    return new Mirror(
        database,
        cluster,
        gone ? Optional.empty() : sourceId,
        sourceName,
        mode,
        syncTimeoutMicros,
        onTimeout,
        state,
        root,
        epoch,
        lastApplied,
        newest,
        gone ? 0 : contactAt,
        behindSince,
        appliedAt,
        accessEpoch,
        bytesDone,
        bytesTotal,
        lease,
        error,
        sourceIdentity,
        createdAt);
  }

  /** How far it is behind its source, as far as is known. */
  public long lagMicros(long now) {
    return switch (state) {
      case PROMOTED -> 0;
      case BOOTSTRAPPING -> Math.max(0, now - (isComplete() ? currentAt : createdAt));
      case FOLLOWING, DETACHED ->
          lastApplied >= sourceSeq
                  && (now - contactAt < CONTACT_MICROS || sourceId.isPresent())
                  && state == MirrorState.FOLLOWING
              ? 0
              : Math.max(0, now - currentAt);
    };
  }

  public MirrorHealth health(long now) {
    return switch (state) {
      case PROMOTED -> MirrorHealth.PROMOTED;
      case DETACHED -> MirrorHealth.DISCONNECTED;
      case BOOTSTRAPPING -> silent(now) ? MirrorHealth.DISCONNECTED : MirrorHealth.BOOTSTRAPPING;
      case FOLLOWING ->
          silent(now)
              ? MirrorHealth.DISCONNECTED
              : lagMicros(now) > DEGRADED_MICROS || isLeftBehind()
                  ? MirrorHealth.DEGRADED
                  : MirrorHealth.FOLLOWING;
    };
  }

  /** A synchronous one that a commit went on without. */
  private boolean isLeftBehind() {
    return mode == MirrorMode.SYNC && error.isPresent();
  }

  private boolean silent(long now) {
    return sourceId.isEmpty() && now - contactAt > DISCONNECTED_MICROS;
  }
}
