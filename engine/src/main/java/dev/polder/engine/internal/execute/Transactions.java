package dev.polder.engine.internal.execute;

import dev.polder.engine.internal.session.SessionState;
import dev.polder.lake.CommitNote;
import dev.polder.lake.Committed;
import dev.polder.lake.IsolationLevel;
import dev.polder.lake.Lake;
import dev.polder.lake.LakeTransaction;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.AuditedStatement;
import dev.polder.metastore.audit.DmlAudit;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.policy.Identity;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Transactions on the lake: the session's own, or one for a single statement. Stateless. */
public final class Transactions {
  private Transactions() {}

  /** Opens a transaction at the newest commit of the session's space. */
  static LakeTransaction begin(StatementContext context, IsolationLevel isolation) {
    Lake lake = context.engine().lake();
    SpaceKey space = context.session().space();
    return context
        .engine()
        .metastore()
        .read(tx -> lake.begin(space, lake.snapshot(tx, space), isolation));
  }

  /**
   * Runs a statement that changes something: in the session's open transaction, or in one of its
   * own that is committed when the work returns.
   *
   * @param operation a short summary for the commit log
   */
  public static <T> T change(
      StatementContext context, String operation, Function<StatementContext, T> work) {
    StatementExecutor.requireWritable(context);
    requireNoMirror(context);
    if (context.transaction() != null) {
      requireNoSourceWritten(context);
      T result = work.apply(context);
      Trail trail = context.trail();
      boolean told = trail.readInTransaction();
      if (trail.keepsWrites()) {
        context
            .session()
            .transaction()
            .ifPresent(open -> trail.change().ifPresent(done -> open.statements().add(done, told)));
      }
      return result;
    }
    try (LakeTransaction own =
        begin(
            context,
            context.session().settings().serializable()
                ? IsolationLevel.SERIALIZABLE
                : IsolationLevel.SNAPSHOT)) {
      context.session().creations().clear();
      T result = work.apply(context.inside(own));
      boolean changed = commit(context, own, operation, context.trail().change().stream().toList());
      if (!changed && context.trail().keepsWrites()) {
        context
            .trail()
            .change()
            .ifPresent(done -> context.trail().tell(done, AuditOutcome.SUCCESS));
      }
      context.session().creations().granted(context);
      return result;
    }
  }

  private static void requireNoSourceWritten(StatementContext context) {
    context
        .session()
        .transaction()
        .flatMap(open -> open.sources().written())
        .ifPresent(source -> {
          throw new PolderException(
              ErrorCode.NOT_SUPPORTED,
              "the transaction has written to source '"
                  + source.alias()
                  + "', and a transaction writes one system: COMMIT it first");
        });
  }

  /** The commit asks again: until then the database may have become one, or have ceased to be. */
  private static void requireNoMirror(StatementContext context) {
    context
        .engine()
        .metastore()
        .read(tx -> {
          tx.mirrors().requireWritable(context.session().space().database());
          return true;
        });
  }

  /** Looks at what a statement would change, and changes nothing. */
  public static <T> T look(StatementContext context, Function<StatementContext, T> work) {
    if (context.transaction() != null) {
      return work.apply(context);
    }
    try (LakeTransaction own = begin(context, IsolationLevel.SNAPSHOT)) {
      return work.apply(context.inside(own));
    }
  }

  /**
   * Commits the session's open transaction. Statements that turned out to change nothing have no
   * commit to go with: the trail is told by itself.
   */
  static void commit(StatementContext context, SessionState.OpenTransaction open) {
    open.sources().commit();
    if (!commit(context, open.lake(), "COMMIT", open.statements().all())) {
      context.trail().bound(context.session(), DmlAudit.WRITES);
      open.statements().untold().forEach(done -> context.trail().tell(done, AuditOutcome.SUCCESS));
    }
  }

  /** False: there was nothing to commit. */
  private static boolean commit(
      StatementContext context,
      LakeTransaction transaction,
      String operation,
      List<AuditedStatement> statements) {
    Identity identity = context.session().identity();
    long before = transaction.snapshot().seq();
    Committed committed =
        transaction.commit(
            new CommitNote(
                operation,
                Optional.of(identity.name()),
                Optional.of(identity.id()),
                List.of(),
                List.of(),
                statements));
    return committed.seq() != before;
  }
}
