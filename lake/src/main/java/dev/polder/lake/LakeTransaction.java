package dev.polder.lake;

import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.plan.ScanPlan;
import dev.polder.lake.write.DataFileSpec;
import dev.polder.model.SchemaName;
import dev.polder.model.TableRef;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.ReplaceSortOrder;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.UpdateSchema;

/**
 * Changes to any number of tables, views and schemas of one space that land together or not at all.
 * Its reads see the snapshot that it began at and its own changes. One owner, not thread-safe; a
 * transaction that ended refuses every call.
 */
public interface LakeTransaction extends AutoCloseable {
  IsolationLevel isolation();

  /** The names that this transaction sees. */
  LakeSnapshot snapshot();

  /** The table with this transaction's changes. */
  TableState tableState(LakeCollection table);

  ViewState viewState(LakeCollection view);

  /** Plans a scan of {@link #tableState}: own files and own deletes are in it. */
  ScanPlan plan(LakeCollection table, LakeFilter filter);

  void append(LakeCollection table, List<DataFileSpec> files);

  void overwrite(LakeCollection table, Overwrite overwrite);

  /** Adds, drops, renames, moves or promotes columns, nested ones by their dotted path. */
  void updateSchema(LakeCollection table, Consumer<UpdateSchema> change);

  void updateSpec(LakeCollection table, Consumer<UpdatePartitionSpec> change);

  void updateSortOrder(LakeCollection table, Consumer<ReplaceSortOrder> change);

  void updateProperties(LakeCollection table, Map<String, String> set, Set<String> removed);

  LakeCollection createTable(TableRef ref, TableDefinition definition);

  /** Keeps the identity and the history; the data and definition are new. */
  void replaceTable(LakeCollection table, TableDefinition definition);

  LakeCollection createView(TableRef ref, ViewDefinition definition);

  void replaceView(LakeCollection view, ViewDefinition definition);

  void drop(LakeCollection collection);

  /** Gives a table or view another name, in the same or another schema of the space. */
  LakeCollection rename(LakeCollection collection, TableRef to);

  void createSchema(SchemaName name, Map<String, String> properties);

  /** Refuses a schema that still holds tables or views. */
  void dropSchema(SchemaName name);

  /** Under serializable isolation: the commit fails when others changed such rows. */
  void recordRead(LakeCollection table, LakeFilter filter);

  /** A point to return to; a statement takes one at its start. */
  Mark mark();

  /** Forgets all changes made after the mark. */
  void rollbackTo(Mark mark);

  boolean hasChanges();

  /**
   * Makes all changes durable and visible.
   *
   * @throws dev.polder.model.PolderException TRANSACTION_CONFLICT when others changed what this
   *     transaction relied on; nothing has changed then, and the whole transaction may be tried
   *     again
   */
  Committed commit(CommitNote note);

  /** Rolls back when not committed. */
  @Override
  void close();

  /** A point in a transaction. */
  record Mark(int changes, int reads) {}
}
