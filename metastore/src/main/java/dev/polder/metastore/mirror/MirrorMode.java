package dev.polder.metastore.mirror;

/** Whether the source's commits wait for the mirror. */
public enum MirrorMode {
  ASYNC,
  SYNC
}
