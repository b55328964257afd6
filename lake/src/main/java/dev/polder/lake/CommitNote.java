package dev.polder.lake;

import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditedStatement;
import dev.polder.metastore.commit.CommitStep;
import dev.polder.metastore.commit.OutboxEvent;
import dev.polder.model.PrincipalId;
import dev.polder.model.PrincipalName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the commit log and those who listen are told of a commit.
 *
 * @param operation a short summary, such as {@code INSERT main.orders}
 * @param owner who owns what the commit creates
 * @param audit what the trail is told in any case
 * @param statements those that changed rows; where there are none, a commit that changes rows all
 *     the same counts as one statement
 * @param steps what else the commit's transaction does
 */
public record CommitNote(
    String operation,
    Optional<PrincipalName> principal,
    Optional<PrincipalId> owner,
    List<OutboxEvent> events,
    List<AuditEvent> audit,
    List<AuditedStatement> statements,
    List<CommitStep> steps) {
  public CommitNote {
    events = List.copyOf(events);
    audit = List.copyOf(audit);
    statements = List.copyOf(statements);
    steps = List.copyOf(steps);
  }

  public CommitNote(
      String operation,
      Optional<PrincipalName> principal,
      Optional<PrincipalId> owner,
      List<OutboxEvent> events,
      List<AuditEvent> audit,
      List<AuditedStatement> statements) {
    this(operation, principal, owner, events, audit, statements, List.of());
  }

  /** The same with more for the commit's transaction to do. */
  public CommitNote with(List<CommitStep> more) {
    return new CommitNote(
        operation,
        principal,
        owner,
        events,
        audit,
        statements,
        Stream.concat(steps.stream(), more.stream()).toList());
  }

  public static CommitNote of(String operation) {
    return new CommitNote(
        operation, Optional.empty(), Optional.empty(), List.of(), List.of(), List.of());
  }
}
