package dev.polder.duck.scan;

import dev.polder.duck.InstanceConnection;
import java.util.List;

/**
 * Finds out whether a scan's predicates all run inside of the Parquet reader. A predicate that does
 * not (it spans columns, holds a subquery or can fail) ends in an operator above the reader, where
 * DuckDB may evaluate failing expressions of the user first and so tell about hidden rows.
 * Stateless.
 */
public final class PushdownCheck {
  private PushdownCheck() {}

  /**
   * Whether {@link ParquetScan#sql()} leaves nothing to evaluate between the readers and the user.
   */
  public static boolean safe(InstanceConnection connection, ParquetScan scan) {
    List<List<Object>> plan =
        connection
            .rows("EXPLAIN (FORMAT json) SELECT * FROM (" + scan.sql() + "\n) AS scan", List.of())
            .stream()
            .map(row -> List.<Object>copyOf(row))
            .toList();
    String text = plan.toString();
    return !text.contains("FILTER") && !text.contains("Filter\"") && !text.contains("JOIN");
  }

  /** The scan with its filter behind a barrier unless that is found to be needless. */
  public static ParquetScan checked(InstanceConnection connection, ParquetScan scan) {
    RowFilter filter = scan.filter();
    if (filter == null) {
      return scan;
    }
    // DuckDB splits a list of values in two parts, of which one stays above the reader, unless
    // something is around it.
    for (String predicate :
        List.of(filter.predicate(), "coalesce((" + filter.predicate() + "\n), false)")) {
      ParquetScan plain = scan.withPolicies(new RowFilter(predicate, true), scan.masks());
      if (safe(connection, plain)) {
        return plain;
      }
    }
    return scan.withPolicies(new RowFilter(filter.predicate(), false), scan.masks());
  }
}
