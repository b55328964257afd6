package dev.polder.metastore.mirror;

import dev.polder.model.DatabaseId;

/**
 * A synchronous mirror on another server, as its source knows it. Times are microseconds.
 * Immutable.
 *
 * @param id what the mirror's server calls it
 * @param name what administrators of the source call it: no two of a database have the same
 * @param acknowledged the last commit that it is known to hold
 * @param goal the commit that it must hold to be synchronous, while it catches up
 * @param degradedAt when a commit went on without it; 0: none has
 */
public record Follower(
    DatabaseId database,
    String id,
    String name,
    long syncTimeoutMicros,
    TimeoutAction onTimeout,
    FollowerState state,
    long joinedAt,
    long seenAt,
    long acknowledged,
    long goal,
    long degradedAt) {
  private static final long LEASE_MICROS = 10_000_000;

  /** Nothing was heard of it for so long that no commit need wait as long once more. */
  public boolean isSilent(long now) {
    return now - seenAt > Math.max(LEASE_MICROS, syncTimeoutMicros);
  }

  /** Whether it was said to have every commit: what it lacks must not go unseen. */
  public boolean isPromised() {
    return state == FollowerState.SYNCHRONOUS;
  }

  /** As its status tells: what a mirror that is followed itself would show. */
  public MirrorHealth health(long now) {
    if (state == FollowerState.DETACHED || isSilent(now)) {
      return MirrorHealth.DISCONNECTED;
    }
    if (degradedAt != 0) {
      return MirrorHealth.DEGRADED;
    }
    return state == FollowerState.SYNCHRONOUS ? MirrorHealth.FOLLOWING : MirrorHealth.BOOTSTRAPPING;
  }
}
