package dev.polder.metastore.audit;

/** How an audited action ended. */
public enum AuditOutcome {
  SUCCESS,
  DENIED,
  FAILED
}
