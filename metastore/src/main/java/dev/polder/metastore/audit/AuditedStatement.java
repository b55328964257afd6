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
 */
public record AuditedStatement(
    Optional<PrincipalName> principal,
    Optional<PrincipalId> principalId,
    String operation,
    String digest,
    long rows,
    List<String> tables) {
  public AuditedStatement {
    tables = List.copyOf(tables);
  }

  /**
   * The event that tells of it.
   *
   * @param commit the commit that it is part of; empty for reads
   */
  public AuditEvent in(SpaceKey space, OptionalLong commit) {
    Map<String, String> detail = new TreeMap<>();
    detail.put("database_id", space.database().toString());
    detail.put("tenant_id", space.tenant().value());
    principalId.ifPresent(id -> detail.put("user_id", id.value()));
    detail.put("operation", operation);
    detail.put("statement_digest", digest);
    detail.put("row_count", Long.toString(rows));
    detail.put("tables", String.join(", ", tables));
    commit.ifPresent(seq -> detail.put("commit_seq", Long.toString(seq)));
    return new AuditEvent(
        Optional.of(space.database()),
        principal,
        Optional.of(space.tenant()),
        EventType.DML,
        Optional.of(String.join(", ", tables)).filter(names -> !names.isEmpty()),
        AuditOutcome.SUCCESS,
        AuditEvent.detail(detail));
  }
}
