package dev.polder.metastore.audit;

/**
 * Where a chain ends. Kept elsewhere too, its hash shows whether anything before it was changed.
 * Immutable.
 *
 * @param seq 0 for an empty chain
 */
public record AuditHead(long seq, String hash) {
  static final AuditHead EMPTY = new AuditHead(0, AuditHash.FIRST);
}
