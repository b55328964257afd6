package dev.polder.lake.commit;

import dev.polder.lake.CommitNote;
import dev.polder.lake.IsolationLevel;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.TableState;
import dev.polder.lake.filter.LakeFilter;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.SchemaChange;
import dev.polder.model.CollectionId;
import dev.polder.model.SchemaId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.view.ViewMetadata;

/**
 * A transaction's net effect, ready to be committed. Immutable but for the tables' lazily computed
 * versions.
 *
 * @param tables changed or created ones that are not dropped again
 * @param views created or replaced ones
 * @param names where created or renamed collections end up
 * @param others changes that need no file
 * @param reads what was read, by table
 */
record CommitPlan(
    SpaceKey space,
    long seq,
    IsolationLevel isolation,
    CommitNote note,
    List<TableWork> tables,
    List<ViewWork> views,
    Map<CollectionId, Name> names,
    List<SchemaChange> schemas,
    List<CollectionChange> others,
    List<Read> reads) {
  /** A place in the space. */
  record Name(SchemaId schema, TableRef ref) {}

  /** A view's next version. */
  record ViewWork(LakeCollection entry, boolean created, ViewMetadata metadata) {}

  /** Conditions on rows of one table, as of the transaction's start. */
  record Read(LakeCollection table, TableState before, List<LakeFilter> filters) {}

  boolean isEmpty() {
    return tables.isEmpty() && views.isEmpty() && schemas.isEmpty() && others.isEmpty();
  }

  /** Rows are taken away and nothing else is written. */
  boolean onlyDeletes() {
    return views.isEmpty()
        && tables.stream().noneMatch(TableWork::created)
        && tables.stream()
            .flatMap(table -> table.changes().stream())
            .allMatch(TableChange::onlyDeletes);
  }

  /** One table, appends alone, nothing read that would have to be validated. */
  boolean isPlainAppend() {
    return tables.size() == 1
        && views.isEmpty()
        && schemas.isEmpty()
        && others.isEmpty()
        && names.isEmpty()
        && (reads.isEmpty() || isolation == IsolationLevel.SNAPSHOT)
        && !tables.getFirst().created()
        && tables.getFirst().changes().stream().allMatch(TableChange.Append.class::isInstance);
  }
}
