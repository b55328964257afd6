package dev.polder.metastore.catalog;

/** Whose tables a database holds. */
public enum DatabaseKind {
  /** Iceberg tables of ours. */
  LAKE,
  /** None of its own: it serves federated sources. */
  MEMORY,
  /** Tables that a foreign catalog owns and notifies us of. */
  EXTERNAL
}
