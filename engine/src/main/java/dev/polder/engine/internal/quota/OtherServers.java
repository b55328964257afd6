package dev.polder.engine.internal.quota;

import dev.polder.metastore.quota.QuotaScope;
import dev.polder.metastore.quota.ServerUse;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What the other servers of the metastore used when they last said. Immutable.
 *
 * @param round rises with each look
 * @param servers how many there are
 */
record OtherServers(long round, long servers, List<ServerUse> uses) {
  static final OtherServers NONE = new OtherServers(0, 0, List.of());

  OtherServers {
    uses = List.copyOf(uses);
  }

  /** What they use of all that counts against one limit. */
  long sum(QuotaScope scope, ToLongFunction<ServerUse> what) {
    long sum = 0;
    for (ServerUse use : uses) {
      if (scope.covers(use.space())) {
        sum += what.applyAsLong(use);
      }
    }
    return sum;
  }
}
