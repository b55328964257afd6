package dev.polder.engine.internal.instance;

import dev.polder.engine.internal.quota.Quotas;
import dev.polder.metastore.quota.QuotaBound;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.model.SpaceKey;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Divides one budget among the running instances, so that those below a limit never have more than
 * it together; servers that share a metastore have even parts of it. Immutable.
 *
 * @param most what an instance may have at all
 * @param held what one has
 */
record Ledger(QuotaField field, long most, ToLongFunction<Slot> held, Quotas quotas) {
  /**
   * A part of the budget.
   *
   * @param bound what keeps it from being more; null: only the server's own configuration
   */
  record Part(long bytes, @Nullable QuotaBound bound) {
    Part orLess(long others, QuotaBound bound) {
      return others < bytes ? new Part(others, bound) : this;
    }
  }

  /** What a space's instance has when all have the same. */
  Part even(SpaceKey space, Collection<SpaceKey> others) {
    Part part = new Part(most, null);
    for (QuotaBound bound : bounds(space)) {
      long count = others.stream().filter(bound.scope()::covers).count();
      part = part.orLess(limit(bound) / (1 + count), bound);
    }
    return part;
  }

  /** What is left for it beside what others have now. */
  Part left(SpaceKey space, Collection<Slot> others) {
    Part part = new Part(most, null);
    for (QuotaBound bound : bounds(space)) {
      long taken =
          others.stream().filter(other -> bound.scope().covers(other.space)).mapToLong(held).sum();
      part = part.orLess(Math.max(0, limit(bound) - taken), bound);
    }
    return part;
  }

  private List<QuotaBound> bounds(SpaceKey space) {
    return quotas.view(space).bounds(field);
  }

  private long limit(QuotaBound bound) {
    return bound.limit() / quotas.serversIn(bound);
  }
}
