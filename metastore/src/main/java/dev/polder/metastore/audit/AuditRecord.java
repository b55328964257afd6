package dev.polder.metastore.audit;

import dev.polder.model.DatabaseId;
import java.util.Optional;

/**
 * A kept event with its place in its chain, as it is stored: somebody may have tampered with it, so
 * nothing is taken for more than a text. Immutable.
 *
 * @param database whose chain it is in; empty: the server's
 * @param seq 1, 2, 3 … in its chain
 * @param at microseconds since the epoch
 * @param previousHash the hash of the record before it, 64 zeros for the first
 */
public record AuditRecord(
    Optional<DatabaseId> database,
    long seq,
    long at,
    String type,
    Optional<String> principal,
    Optional<String> tenant,
    Optional<String> object,
    String outcome,
    String detail,
    String previousHash,
    String hash) {
  /** The event as the next record of its chain. */
  static AuditRecord of(AuditEvent event, AuditHead head, long at) {
    AuditRecord unsigned =
        new AuditRecord(
            event.database(),
            head.seq() + 1,
            at,
            event.type().word(),
            event.principal().map(Object::toString),
            event.tenant().map(Object::toString),
            event.object(),
            event.outcome().name(),
            event.detail(),
            head.hash(),
            "");
    return new AuditRecord(
        unsigned.database,
        unsigned.seq,
        unsigned.at,
        unsigned.type,
        unsigned.principal,
        unsigned.tenant,
        unsigned.object,
        unsigned.outcome,
        unsigned.detail,
        unsigned.previousHash,
        AuditHash.of(unsigned));
  }

  /** Whether it is the record that followed the given one, unchanged. */
  boolean follows(AuditHead head) {
    return seq == head.seq() + 1
        && previousHash.equals(head.hash())
        && hash.equals(AuditHash.of(this));
  }
}
