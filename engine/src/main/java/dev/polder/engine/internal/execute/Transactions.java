package dev.polder.engine.internal.execute;

import dev.polder.lake.IsolationLevel;
import dev.polder.lake.Lake;
import dev.polder.lake.LakeTransaction;
import dev.polder.model.SpaceKey;
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
        .read(
            tx ->
                lake.begin(
                    space,
                    lake.snapshot(tx, space),
                    isolation,
                    context.session().identity().name()));
  }

  /**
   * Runs a statement that changes something: in the session's open transaction, or in one of its own
   * that is committed when the work returns.
   */
  public static <T> T change(StatementContext context, Function<StatementContext, T> work) {
    StatementExecutor.requireWritable(context);
    if (context.transaction() != null) {
      return work.apply(context);
    }
    try (LakeTransaction own =
        begin(
            context,
            context.session().settings().serializable()
                ? IsolationLevel.SERIALIZABLE
                : IsolationLevel.SNAPSHOT)) {
      T result = work.apply(context.inside(own));
      own.commit();
      return result;
    }
  }
}
