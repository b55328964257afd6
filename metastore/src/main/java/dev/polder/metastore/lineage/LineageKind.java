package dev.polder.metastore.lineage;

/** Why one database needs another one's files. */
public enum LineageKind {
  /** It was cloned; it writes for itself. */
  CLONE,
  /** It follows and cannot be written. */
  MIRROR
}
