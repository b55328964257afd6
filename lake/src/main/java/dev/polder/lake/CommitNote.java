package dev.polder.lake;

import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditedStatement;
import dev.polder.metastore.commit.OutboxEvent;
import dev.polder.model.PrincipalId;
import dev.polder.model.PrincipalName;
import java.util.List;
import java.util.Optional;

/**
 * What the commit log and those who listen are told of a commit.
 *
 * @param operation a short summary, such as {@code INSERT main.orders}
 * @param owner who owns what the commit creates
 * @param audit what the trail is told in any case
 * @param statements those that changed rows; where there are none, a commit that changes rows all
 *     the same counts as one statement
 */
public record CommitNote(
    String operation,
    Optional<PrincipalName> principal,
    Optional<PrincipalId> owner,
    List<OutboxEvent> events,
    List<AuditEvent> audit,
    List<AuditedStatement> statements) {
  public CommitNote {
    events = List.copyOf(events);
    audit = List.copyOf(audit);
    statements = List.copyOf(statements);
  }

  public static CommitNote of(String operation) {
    return new CommitNote(
        operation, Optional.empty(), Optional.empty(), List.of(), List.of(), List.of());
  }
}
