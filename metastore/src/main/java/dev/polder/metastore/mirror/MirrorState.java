package dev.polder.metastore.mirror;

/** Where a mirror is in its life; how well it follows is told by {@link MirrorHealth}. */
public enum MirrorState {
  /** It has not got the state that it begins with. */
  BOOTSTRAPPING,
  FOLLOWING,
  /** Its source was dropped: it stays as it is until it is promoted. */
  DETACHED,
  /** It is a mirror no more. */
  PROMOTED
}
