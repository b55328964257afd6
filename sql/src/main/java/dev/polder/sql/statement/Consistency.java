package dev.polder.sql.statement;

/** How new the state must be that a query reads: it matters for mirrors alone. */
public enum Consistency {
  /** The newest; a mirror does not know whether it has that. */
  STRONG,
  /** What has been applied; the default. */
  BOUNDED_STALENESS,
  /** Whatever is there. */
  EVENTUAL
}
