package dev.polder.sql.pushdown;

import dev.polder.sql.pushdown.internal.ScanPlanner;
import java.util.List;

/**
 * Says what to ask for each remote reference of any query: the columns that it may use, and the
 * conditions that surely hold for every row that can matter. Stateless.
 */
public final class ScanPushdown {
  private ScanPushdown() {}

  /** One scan for each remote reference, in the order of the references. */
  public static List<RemoteScan> plan(PushdownRequest request) {
    return new ScanPlanner(request).plan();
  }
}
