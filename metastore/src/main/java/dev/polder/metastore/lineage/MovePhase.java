package dev.polder.metastore.lineage;

import java.util.Locale;

/** What comes next in a tenant's move. */
public enum MovePhase {
  /** Whether the target can take the space in. */
  PREFLIGHT,
  /** Others' writes are refused; the statements that run in the space are waited for. */
  DRAIN,
  /** All that the space consists of now is there to be moved. */
  SNAPSHOT,
  /** The one transaction in which the space changes its database. */
  CUTOVER,
  /** The tenant is at the target, which takes writes; sessions at the source end. */
  RESUME;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
