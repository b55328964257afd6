package dev.polder.engine.internal.execute;

import dev.polder.duck.Cancellation;
import dev.polder.engine.internal.admission.Admission;
import dev.polder.engine.internal.session.SessionState;
import dev.polder.engine.internal.source.StatementSources;
import dev.polder.lake.LakeTransaction;
import dev.polder.model.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One statement of one session on its way. For one thread.
 *
 * @param transaction what it reads and changes through: the session's open transaction, one of its
 *     own, or none for reads outside of transactions
 * @param parameters values for its parameters
 * @param notices what to tell the user beside the result
 * @param trail what the audit trail is told
 */
public record StatementContext(
    EngineParts engine,
    SessionState session,
    @Nullable LakeTransaction transaction,
    Cancellation cancellation,
    List<@Nullable Object> parameters,
    List<Notice> notices,
    Trail trail) {

  public static StatementContext of(
      EngineParts engine,
      SessionState session,
      Cancellation cancellation,
      List<@Nullable Object> parameters,
      Trail trail) {
    return new StatementContext(
        engine,
        session,
        session.lakeTransaction(),
        cancellation,
        parameters,
        new ArrayList<>(),
        trail);
  }

  /** The same statement with other parameter values. */
  StatementContext with(List<@Nullable Object> values) {
    return new StatementContext(engine, session, transaction, cancellation, values, notices, trail);
  }

  /** The same statement inside a transaction of its own. */
  StatementContext inside(LakeTransaction own) {
    return new StatementContext(engine, session, own, cancellation, parameters, notices, trail);
  }

  /** The transaction of a statement that changes something. */
  public LakeTransaction writing() {
    if (transaction == null) {
      throw new IllegalStateException("the statement has no transaction");
    }
    return transaction;
  }

  public void notice(String code, String message) {
    notices.add(new Notice(code, message));
  }

  /** Takes a permit and opens a connection on the space's instance. */
  public Execution execution() {
    return inExecution(execution -> execution);
  }

  /**
   * Takes a permit, opens a connection on the space's instance and uses it, all on one native
   * thread: each change of threads costs more than many a native call. The execution is closed when
   * the use fails, and otherwise the user's.
   */
  public <T> T inExecution(Function<Execution, T> use) {
    Admission.Permit permit =
        engine.admission().acquire(cancellation, engine.quotas().priorityClass(session.space()));
    try {
      return engine
          .nativeThreads()
          .call(
              () -> {
                Execution execution = open(permit);
                try {
                  return use.apply(execution);
                } catch (RuntimeException e) {
                  execution.close();
                  throw e;
                }
              },
              cancellation::cancel);
    } catch (RuntimeException e) {
      // A call that was refused or taken back never took the permit over.
      permit.close();
      throw e;
    }
  }

  private Execution open(Admission.Permit permit) {
    return Execution.start(
        permit,
        engine.nativeThreads(),
        engine.instances(),
        session.space(),
        cancellation,
        engine.memory(),
        session.settings().timeZone(),
        new StatementSources(
            engine.sources(),
            source -> session.transaction().map(open -> open.sources().in(source))));
  }
}
