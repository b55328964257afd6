package dev.polder.metastore.audit;

/**
 * A kept event with its place in its chain. Immutable.
 *
 * @param seq 1, 2, 3 … in its chain
 * @param previousHash the hash of the record before it, 64 zeros for the first
 */
public record AuditRecord(long seq, long at, AuditEvent event, String previousHash, String hash) {}
