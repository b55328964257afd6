package dev.polder.sql.bind;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.plan.ScanPlan;
import dev.polder.sql.statement.SqlText;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an instance is to run: a text, and the private catalog it runs on. Immutable.
 *
 * @param text the user's text with the edits that views cannot express
 * @param reads the tables read and which of their rows, for serializable transactions
 * @param targetPlan the files that the target's rows are in, by whose indexes they are identified
 * @param hiddenColumns lower-cased names of columns that exist but may not be read, with the
 *     table's name to show
 * @param remote what must be read from sources first; the text names it
 */
public record BoundQuery(
    SqlText text,
    CatalogContents contents,
    List<Read> reads,
    Optional<ScanPlan> targetPlan,
    Map<String, String> hiddenColumns,
    List<SourceScan> remote) {
  public BoundQuery {
    remote = List.copyOf(remote);
    reads = List.copyOf(reads);
    hiddenColumns = Map.copyOf(hiddenColumns);
  }

  /** Rows of one table. */
  public record Read(LakeCollection table, LakeFilter filter) {}
}
