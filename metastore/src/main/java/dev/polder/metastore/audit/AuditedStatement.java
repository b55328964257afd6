package dev.polder.metastore.audit;

import dev.polder.model.PrincipalId;
import dev.polder.model.PrincipalName;
import dev.polder.model.SpaceKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A statement that changed rows or read them, as the trail keeps it. Immutable.
 *
 * @param operation its kind, such as {@code INSERT}
 * @param digest its text without values; empty when there was none, as with commits of other
 *     engines
 * @param rows how many it changed, or handed out
 * @param tables what it named
 * @param times how often it ran: more than once for those of one transaction that are alike
 * @param claimed whether the rows are a client's word
 */
public record AuditedStatement(
    Optional<PrincipalName> principal,
    Optional<PrincipalId> principalId,
    String operation,
    String digest,
    long rows,
    List<String> tables,
    long times,
    boolean claimed) {
  public AuditedStatement {
    tables = List.copyOf(tables);
  }

  /** A statement that ran once and whose rows were counted here. */
  public AuditedStatement(
      Optional<PrincipalName> principal,
      Optional<PrincipalId> principalId,
      String operation,
      String digest,
      long rows,
      List<String> tables) {
    this(principal, principalId, operation, digest, rows, tables, 1, false);
  }

  /** This one and another that is told together with it. */
  public AuditedStatement and(AuditedStatement other) {
    return new AuditedStatement(
        principal,
        principalId,
        operation,
        digest,
        rows + other.rows,
        tables,
        times + other.times,
        claimed || other.claimed);
  }

  /** This one without its text. */
  public AuditedStatement withoutDigest() {
    return new AuditedStatement(
        principal, principalId, operation, "", rows, tables, times, claimed);
  }

  /**
   * The event that tells of it.
   *
   * @param commit the commit that it is part of; empty for reads
   */
  public AuditEvent in(SpaceKey space, OptionalLong commit) {
    return in(space, commit, AuditOutcome.SUCCESS);
  }

  /** The event that tells of it with how it ended. */
  public AuditEvent in(SpaceKey space, OptionalLong commit, AuditOutcome outcome) {
    Map<String, String> detail = new TreeMap<>();
    detail.put("database_id", space.database().toString());
    detail.put("tenant_id", space.tenant().value());
    principalId.ifPresent(id -> detail.put("user_id", id.value()));
    detail.put("operation", operation);
    detail.put("statement_digest", digest);
    detail.put("row_count", Long.toString(rows));
    detail.put("tables", String.join(", ", tables));
    if (times > 1) {
      detail.put("count", Long.toString(times));
    }
    if (claimed) {
      detail.put("row_count_claimed", "true");
    }
    commit.ifPresent(seq -> detail.put("commit_seq", Long.toString(seq)));
    return new AuditEvent(
        Optional.of(space.database()),
        principal,
        Optional.of(space.tenant()),
        EventType.DML,
        Optional.of(String.join(", ", tables)).filter(names -> !names.isEmpty()),
        outcome,
        AuditEvent.detail(detail));
  }
}
