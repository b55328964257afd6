package dev.polder.engine.internal.space;

import dev.polder.lake.Lake;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.LakeSchema;
import dev.polder.lake.LakeSnapshot;
import dev.polder.lake.LakeTransaction;
import dev.polder.lake.TableState;
import dev.polder.lake.TimeTravel;
import dev.polder.lake.ViewState;
import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.plan.ScanPlan;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import dev.polder.sql.authorise.SpaceReader;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A space at one commit; inside a transaction with the transaction's own changes. Outside of
 * transactions names can be looked up only while the metastore transaction that it was made in is
 * open; tables found then can be planned afterwards. For one statement.
 */
public final class PinnedSpace implements SpaceReader {
  private final Lake lake;
  private final SpaceKey space;
  private final Lookups lookups;
  private final LakeSnapshot snapshot;
  private final @Nullable LakeTransaction transaction;

  /** Runs work in a metastore transaction: the one that is open, or one of its own. */
  private interface Lookups {
    <T> T run(Metastore.Work<T> work);
  }

  private PinnedSpace(
      Lake lake,
      SpaceKey space,
      Lookups lookups,
      LakeSnapshot snapshot,
      @Nullable LakeTransaction transaction) {
    this.lake = lake;
    this.space = space;
    this.lookups = lookups;
    this.snapshot = snapshot;
    this.transaction = transaction;
  }

  /** The newest commit, read in an open metastore transaction. */
  public static PinnedSpace newest(Lake lake, MetastoreTransaction metastore, SpaceKey space) {
    return new PinnedSpace(
        lake,
        space,
        new Lookups() {
          @Override
          public <T> T run(Metastore.Work<T> work) {
            return work.run(metastore);
          }
        },
        lake.snapshot(metastore, space),
        null);
  }

  /** What a transaction sees. */
  public static PinnedSpace of(
      Lake lake, Metastore metastore, SpaceKey space, LakeTransaction transaction) {
    return new PinnedSpace(
        lake,
        space,
        new Lookups() {
          @Override
          public <T> T run(Metastore.Work<T> work) {
            return metastore.read(work);
          }
        },
        transaction.snapshot(),
        transaction);
  }

  /** The commit that it shows. */
  public long seq() {
    return snapshot.seq();
  }

  @Override
  public Optional<LakeCollection> find(TableRef name, Optional<TimeTravel> at) {
    return at.isEmpty()
        ? snapshot.find(name)
        : lookups.run(metastore -> lake.snapshotAt(metastore, space, at.get()).find(name));
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
  public List<LakeSchema> schemas() {
    return snapshot.schemas();
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
