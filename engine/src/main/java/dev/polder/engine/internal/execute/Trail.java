package dev.polder.engine.internal.execute;

import dev.polder.engine.internal.session.SessionState;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.AuditedStatement;
import dev.polder.metastore.audit.DmlAudit;
import dev.polder.model.SpaceKey;
import dev.polder.policy.AuditLog;
import dev.polder.policy.Identity;
import dev.polder.sql.authorise.ResolvedReference;
import dev.polder.sql.parse.StatementDigest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a statement named and did, for the audit trail of the database that it was bound to: a later
 * USE does not move it. What changed rows goes with the commit, what read them is told by itself,
 * whether or not it came to its end. For one statement.
 */
public final class Trail {
  private final Set<String> tables = new LinkedHashSet<>();
  private final List<AuditEvent> waiting = new ArrayList<>();
  private @Nullable SpaceKey space;
  private @Nullable Identity identity;
  private DmlAudit mode = DmlAudit.NONE;
  private @Nullable String operation;
  private String text = "";
  private boolean reads;
  private boolean told;
  private Optional<AuditedStatement> change = Optional.empty();

  /** Takes note of where the statement runs, and what that database's trail keeps. */
  void bound(SessionState session, DmlAudit mode) {
    this.space = session.space();
    this.identity = session.identity();
    this.mode = mode;
  }

  /** Says what the statement is: one that is about rows. */
  public void runs(String operation, String text) {
    this.operation = operation;
    this.text = text;
  }

  /** Takes note of a table or view that the statement names. */
  public void names(String table) {
    tables.add(table);
  }

  /** Takes note of what a query of the statement reads. */
  void reads(List<ResolvedReference> references) {
    for (ResolvedReference reference : references) {
      switch (reference) {
        case ResolvedReference.Table table -> reads(table.entry().ref().toString());
        case ResolvedReference.View view -> reads(view.entry().ref().toString());
        case ResolvedReference.Remote remote -> reads(remote.table().toString());
        case ResolvedReference.Metadata metadata -> {
          // What the server says of itself is no table of anybody's.
        }
      }
    }
  }

  private void reads(String table) {
    reads = true;
    tables.add(table);
  }

  /** Says that the statement changed rows, or looked for rows to change. */
  public void changed(long rows) {
    change = Optional.of(statement(rows));
  }

  /** Empty where the statement changes no rows. */
  Optional<AuditedStatement> change() {
    return change;
  }

  boolean keepsWrites() {
    return mode.keepsWrites();
  }

  /** Tells of a statement that read rows and is done, if the database keeps those. */
  public void read(long rows) {
    if (mode.keepsReads()) {
      tell(statement(rows), AuditOutcome.SUCCESS);
    }
  }

  /** Says that rows of a source were changed, in its transaction or in the session's there. */
  public void changedInSource(SessionState session, long rows) {
    changed(rows);
    if (!mode.keepsWrites()) {
      return;
    }
    AuditedStatement done = statement(rows);
    session
        .transaction()
        .ifPresentOrElse(
            open -> open.statements().add(done, readInTransaction()),
            () -> tell(done, AuditOutcome.SUCCESS));
  }

  /** Tells that a statement inside an open transaction read rows: that may be rolled back. */
  boolean readInTransaction() {
    boolean tells = reads && mode.keepsReads();
    if (tells) {
      change.ifPresent(done -> tell(done, AuditOutcome.SUCCESS));
    }
    return tells;
  }

  /** Tells of a statement that may have read rows before it failed, if the database keeps those. */
  void failed() {
    if (operation != null && reads && !told && mode.keepsReads()) {
      tell(change.orElseGet(() -> statement(0)), AuditOutcome.FAILED);
    }
  }

  /** Tells of a statement that is part of no commit. */
  void tell(AuditedStatement statement, AuditOutcome outcome) {
    SpaceKey where = space;
    if (where == null) {
      throw new IllegalStateException("the statement was not bound");
    }
    told = true;
    waiting.add(statement.in(where, OptionalLong.empty(), outcome));
  }

  /**
   * Gives the log what is to be told. It may have to wait for the metastore, so nobody who does so
   * holds a lock.
   */
  public void report(AuditLog log) {
    List<AuditEvent> all = List.copyOf(waiting);
    waiting.clear();
    log.happened(all);
  }

  /** A result with rows was closed: tells of it at once. */
  void handedOut(AuditLog log, long rows, boolean complete) {
    if (mode.keepsReads()) {
      tell(statement(rows), complete ? AuditOutcome.SUCCESS : AuditOutcome.FAILED);
      report(log);
    }
  }

  private AuditedStatement statement(long rows) {
    return new AuditedStatement(
        Optional.ofNullable(identity).map(Identity::name),
        Optional.ofNullable(identity).map(Identity::id),
        operation == null ? "" : operation,
        StatementDigest.of(text),
        rows,
        List.copyOf(tables));
  }
}
