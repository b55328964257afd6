package dev.polder.metastore.mirror;

/** How a mirror is doing at the moment. */
public enum MirrorHealth {
  BOOTSTRAPPING,
  FOLLOWING,
  /** More than five seconds behind. */
  DEGRADED,
  /** Without a word from its source for more than thirty seconds, or for ever. */
  DISCONNECTED,
  PROMOTED
}
