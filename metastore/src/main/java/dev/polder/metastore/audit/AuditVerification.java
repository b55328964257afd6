package dev.polder.metastore.audit;

import dev.polder.model.DatabaseId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Computes a chain again, a part at a time, so that no transaction lasts long; records that come
 * meanwhile are verified too. Not thread-safe.
 */
public final class AuditVerification {
  private final Optional<DatabaseId> database;
  private long seq;
  private String hash = AuditHash.FIRST;
  private OptionalLong firstBroken = OptionalLong.empty();

  /**
   * A verification from the beginning.
   *
   * @param database whose chain; empty: the server's
   */
  public AuditVerification(Optional<DatabaseId> database) {
    this.database = database;
  }

  /** Verifies the next records; false when all are, or one is broken. */
  public boolean next(AuditStore audit, int limit) {
    List<AuditRecord> records = audit.after(database, seq, limit);
    for (AuditRecord next : records) {
      if (!next.follows(head())) {
        firstBroken = OptionalLong.of(seq + 1);
        return false;
      }
      seq = next.seq();
      hash = next.hash();
    }
    if (records.isEmpty()) {
      end(audit.head(database));
    }
    return !records.isEmpty();
  }

  /** Records can be taken away from a chain's end, or put there, without a gap to be seen. */
  private void end(AuditHead kept) {
    if (!kept.equals(head())) {
      firstBroken =
          OptionalLong.of(kept.seq() == seq ? Math.max(seq, 1) : Math.min(kept.seq(), seq) + 1);
    }
  }

  /** The last record that fits to all before it. */
  public AuditHead head() {
    return new AuditHead(seq, hash);
  }

  /**
   * The place of the first record that was changed, taken away or put in; empty if there is none.
   */
  public OptionalLong firstBroken() {
    return firstBroken;
  }
}
