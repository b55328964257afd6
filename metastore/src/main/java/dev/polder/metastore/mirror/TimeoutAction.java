package dev.polder.metastore.mirror;

/** What a source's commit does when a synchronous mirror does not answer in time. */
public enum TimeoutAction {
  /** It fails. */
  FAIL,
  /** It goes on without the mirror until that has caught up. */
  DEGRADE
}
