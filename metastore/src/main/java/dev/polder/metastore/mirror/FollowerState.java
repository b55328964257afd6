package dev.polder.metastore.mirror;

/** How a source stands to a synchronous mirror on another server. */
public enum FollowerState {
  /** No commit waits for it: it has not caught up yet, or was left behind. */
  BEHIND,
  /** Commits wait for it already, and one that would wait too long leaves it behind again. */
  CATCHING_UP,
  /** Every commit waits for it. */
  SYNCHRONOUS,
  /** An administrator has let go of it: it may follow, and nothing waits for it. */
  DETACHED
}
