package dev.polder.sql.authorise;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.LakeSchema;
import dev.polder.lake.TableState;
import dev.polder.lake.TimeTravel;
import dev.polder.lake.ViewState;
import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.plan.ScanPlan;
import dev.polder.model.TableRef;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Schema;

/**
 * A space at the moment that a statement reads: the pinned commit, and the transaction's own
 * changes. Used by one statement at a time.
 */
public interface SpaceReader {
  /** Finds a table or view by name; with {@code at}, as it was then. */
  Optional<LakeCollection> find(TableRef name, Optional<TimeTravel> at);

  TableState table(LakeCollection entry);

  ViewState view(LakeCollection entry);

  /** The columns of a table or view; a generic table's are not known. */
  default Schema schema(LakeCollection entry) {
    if (entry.isView()) {
      return view(entry).schema();
    }
    return entry.isTable() ? table(entry).schema() : new Schema();
  }

  /** The files of a table that rows matching the filter can be in. */
  ScanPlan plan(LakeCollection entry, LakeFilter filter);

  /** Every schema with its identity, in order of name. */
  List<LakeSchema> schemas();

  /** Every table and view, in order of schema and name. */
  List<LakeCollection> collections();
}
