package dev.polder.engine.internal.space;

import dev.polder.lake.Lake;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.LakeSnapshot;
import dev.polder.lake.LakeTransaction;
import dev.polder.lake.TableState;
import dev.polder.lake.TimeTravel;
import dev.polder.lake.ViewState;
import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.plan.ScanPlan;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import dev.polder.sql.authorise.SpaceReader;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A space at one commit; inside a transaction with the transaction's own changes. Names can be
 * looked up only while the metastore transaction given is open; tables found then can be planned
 * afterwards. For one statement.
 */
public final class PinnedSpace implements SpaceReader {
  private final Lake lake;
  private final MetastoreTransaction metastore;
  private final SpaceKey space;
  private final LakeSnapshot snapshot;
  private final @Nullable LakeTransaction transaction;

  /**
   * @param transaction the session's open transaction, if it has one
   */
  public PinnedSpace(
      Lake lake,
      MetastoreTransaction metastore,
      SpaceKey space,
      @Nullable LakeTransaction transaction) {
    this.lake = lake;
    this.metastore = metastore;
    this.space = space;
    this.transaction = transaction;
    this.snapshot =
        transaction == null ? lake.snapshot(metastore, space) : transaction.snapshot();
  }

  @Override
  public Optional<LakeCollection> find(TableRef name, Optional<TimeTravel> at) {
    return at.map(time -> lake.snapshotAt(metastore, space, time)).orElse(snapshot).find(name);
  }

  @Override
  public boolean schemaExists(SchemaName schema) {
    return schemas().stream().anyMatch(entry -> entry.name().equals(schema));
  }

  @Override
  public TableState table(LakeCollection entry) {
    return isOwn(entry) ? own().tableState(entry) : lake.load(entry);
  }

  @Override
  public ViewState view(LakeCollection entry) {
    return isOwn(entry) ? own().viewState(entry) : lake.loadView(entry);
  }

  @Override
  public ScanPlan plan(LakeCollection entry, LakeFilter filter) {
    return isOwn(entry) ? own().plan(entry, filter) : lake.plan(lake.load(entry), filter);
  }

  @Override
  public List<SchemaEntry> schemas() {
    return snapshot.schemas().stream()
        .map(schema -> new SchemaEntry(schema.id(), schema.name()))
        .toList();
  }

  @Override
  public List<LakeCollection> collections() {
    return snapshot.list();
  }

  /** Whether the entry is of the present of a transaction, and not of an earlier moment. */
  private boolean isOwn(LakeCollection entry) {
    return transaction != null
        && snapshot.find(entry.ref()).filter(current -> current.equals(entry)).isPresent();
  }

  private LakeTransaction own() {
    if (transaction == null) {
      throw new IllegalStateException("no transaction");
    }
    return transaction;
  }
}
