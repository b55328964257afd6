package dev.polder.lake.collect;

import dev.polder.lake.LakeMeters;
import dev.polder.lake.Pace;
import dev.polder.lake.commit.MetadataFiles;
import dev.polder.lake.io.StorageFailure;
import dev.polder.lake.io.StoredFile;
import dev.polder.lake.io.Warehouse;
import dev.polder.lake.plan.ScanPlanner;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.collect.Candidate;
import dev.polder.metastore.collect.CollectedFile;
import dev.polder.metastore.collect.Holders;
import dev.polder.metastore.collect.PurgeStore;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.apache.iceberg.exceptions.NotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes files, as nothing else does, in two steps: what no state reaches that can still be asked
 * for is condemned, and what has been condemned for long enough, and since before anything that
 * still runs began, is deleted. Runs may be ended at any point and go on with the next one.
 * Thread-safe; two runs at once do each other's work, not harm.
 */
public final class Collector {
  private static final Logger LOG = LoggerFactory.getLogger(Collector.class);
  private static final int BATCH = 1_000;
  private static final int MOST_PREVIEWED = 10_000;

  private final Metastore metastore;
  private final Warehouse warehouse;
  private final MetadataFiles metadata;
  private final ScanPlanner planner;
  private final LakeMeters meters;
  private final LongAdder nanos = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private volatile CollectOptions keeping = CollectOptions.DEFAULT;
  private final AtomicReference<CollectReport> total = new AtomicReference<>(CollectReport.NOTHING);

  public Collector(
      Metastore metastore,
      Warehouse warehouse,
      MetadataFiles metadata,
      ScanPlanner planner,
      LakeMeters meters) {
    this.metastore = metastore;
    this.warehouse = warehouse;
    this.metadata = metadata;
    this.planner = planner;
    this.meters = meters;
  }

  /** What all runs of this process did together. */
  public CollectReport total() {
    return total.get();
  }

  /** Says how long things are kept on this server. */
  public void keep(CollectOptions options) {
    keeping = options;
  }

  /** How many bytes all runs of this process condemned. */
  public long bytes() {
    return bytes.sum();
  }

  /** How long all runs of this process took. */
  public Duration duration() {
    return Duration.ofNanos(nanos.sum());
  }

  /** Ends what is past its time, condemns what nothing reaches and deletes what may go. */
  public CollectReport run(CollectOptions options) {
    return run(options, Pace.FULL);
  }

  /** The same, at a pace for each database. */
  public CollectReport run(CollectOptions options, Pace pace) {
    long start = System.nanoTime();
    try {
      return counted(condemn(options, pace).plus(delete(options)));
    } finally {
      nanos.add(System.nanoTime() - start);
    }
  }

  private CollectReport counted(CollectReport report) {
    total.accumulateAndGet(report, CollectReport::plus);
    return report;
  }

  private CollectReport condemn(CollectOptions options, Pace pace) {
    CollectReport report = CollectReport.NOTHING;
    metastore.write(tx -> tx.storage().deleteExpiredLeases());
    for (DatabaseId database :
        metastore.read(tx -> tx.collect().droppedBefore(before(tx, options.undropRetention())))) {
      boolean purged = metastore.write(tx -> purge(tx, database, options));
      report = report.plus(new CollectReport(purged ? 1 : 0, 0, 0, 0, 0, 0));
    }
    BranchFiles branches = new BranchFiles(metastore, metadata, planner, warehouse.io());
    for (DatabaseId database : metastore.read(tx -> tx.collect().databases())) {
      AtomicReference<CollectReport> found = new AtomicReference<>(CollectReport.NOTHING);
      pace.work(
          database,
          () ->
              found.set(
                  meters.work(
                      database,
                      () ->
                          new CollectReport(
                              0,
                              forget(database, options),
                              condemn(database, branches),
                              0,
                              0,
                              0))));
      report = report.plus(found.get());
    }
    return report;
  }

  private long forget(DatabaseId database, CollectOptions options) {
    if (!metastore.write(
        tx -> tx.collect().forgetBefore(database, before(tx, options.retention())))) {
      return 0;
    }
    long versions = 0;
    int gone;
    do {
      gone = metastore.write(tx -> tx.collect().forget(database, BATCH));
      versions += gone;
    } while (gone > 0);
    return versions;
  }

  /** Looks again: it may have been had back meanwhile. */
  private static boolean purge(
      MetastoreTransaction tx, DatabaseId database, CollectOptions options) {
    boolean due =
        tx.collect().droppedBefore(before(tx, options.undropRetention())).contains(database);
    if (due) {
      tx.collect().purge(database);
    }
    return due;
  }

  private static long before(MetastoreTransaction tx, Duration age) {
    return tx.now() - age.toMillis() * 1_000;
  }

  /**
   * Condemns what nothing reaches of a purged collection's files, and deletes what of them was
   * condemned before anything that still runs began. To be called again until nothing is left of
   * what was condemned.
   */
  public PurgeStore.Progress purged(DatabaseId database, CollectionId collection) {
    BranchFiles branches = new BranchFiles(metastore, metadata, planner, warehouse.io());
    condemn(database, branches, (tx, from) -> tx.purges().candidates(collection, from, BATCH));
    counted(delete((tx, limit) -> tx.collect().collect(collection, tx.servers().oldest(), limit)));
    return metastore.read(tx -> tx.purges().progress(collection));
  }

  /** What may go, by path. */
  private interface Candidates {
    List<Candidate> after(MetastoreTransaction tx, String path);
  }

  private long condemn(DatabaseId database, BranchFiles branches) {
    return condemn(
        database, branches, (tx, from) -> tx.collect().candidates(database, from, BATCH));
  }

  private long condemn(DatabaseId database, BranchFiles branches, Candidates all) {
    long condemned = 0;
    String after = "";
    while (true) {
      String from = after;
      List<Candidate> candidates = metastore.read(tx -> all.after(tx, from));
      List<Candidate> free =
          candidates.stream()
              .filter(file -> !branches.of(file.collection()).contains(file.path()))
              .toList();
      Condemned done = metastore.write(tx -> condemn(tx, database, free));
      condemned += done.files();
      bytes.add(done.bytes());
      if (candidates.size() < BATCH) {
        return condemned;
      }
      after = candidates.getLast().path();
    }
  }

  /** Files that nothing reaches any more. */
  private record Condemned(long files, long bytes) {}

  private static Condemned condemn(
      MetastoreTransaction tx, DatabaseId database, List<Candidate> candidates) {
    Holders holders = tx.collect().holders();
    List<Candidate> unreachable =
        candidates.stream().filter(file -> !holders.holds(file.path())).toList();
    long size = tx.collect().bytes(unreachable.stream().map(Candidate::path).toList());
    tx.collect().condemn(database, unreachable);
    return new Condemned(unreachable.size(), size);
  }

  private CollectReport delete(CollectOptions options) {
    CollectReport report =
        delete((tx, limit) ->
            tx.collect()
                .collect(Math.min(before(tx, options.grace()), tx.servers().oldest()), limit));
    metastore.write(tx -> tx.collect().trimJournal(before(tx, options.journal())));
    return report;
  }

  /** Writes what is condemned into the journal, and says what of that is to be deleted. */
  private interface Journal {
    List<CollectedFile> take(MetastoreTransaction tx, int limit);
  }

  private CollectReport delete(Journal journal) {
    long deleted = 0;
    Set<String> failed = new HashSet<>();
    while (true) {
      int limit = BATCH + failed.size();
      List<CollectedFile> files = metastore.write(tx -> journal.take(tx, limit));
      List<String> gone = new ArrayList<>();
      for (CollectedFile file : files) {
        if (failed.contains(file.path())) {
          continue;
        }
        if (delete(file.path())) {
          gone.add(file.path());
        } else {
          failed.add(file.path());
        }
      }
      if (gone.isEmpty()) {
        return new CollectReport(0, 0, 0, 0, deleted, failed.size());
      }
      metastore.write(tx -> {
        tx.collect().deleted(gone);
        return gone;
      });
      deleted += gone.size();
    }
  }

  private boolean delete(String path) {
    try {
      warehouse.io().deleteFile(path);
    } catch (NotFoundException e) {
      LOG.debug("{} was gone already", path);
    } catch (RuntimeException e) {
      LOG.warn("cannot delete {}; the next run tries again", path, e);
      return false;
    }
    return true;
  }

  /**
   * Looks through the whole warehouse for files that no commit names, such as a killed server
   * leaves, and condemns those older than the grace and than all that still runs.
   */
  public CollectReport sweep(CollectOptions options) {
    long oldest =
        metastore.read(tx -> Math.min(before(tx, options.grace()), tx.servers().oldest()));
    BranchFiles branches = new BranchFiles(metastore, metadata, planner, warehouse.io());
    long strays = 0;
    List<Stray> batch = new ArrayList<>();
    try {
      for (StoredFile file : warehouse.list()) {
        Stray stray = Stray.of(warehouse.root(), file);
        if (stray != null && file.modifiedMillis() * 1_000 < oldest) {
          batch.add(stray);
        }
        if (batch.size() == BATCH) {
          strays += condemn(batch, branches);
          batch.clear();
        }
      }
    } catch (RuntimeException e) {
      throw StorageFailure.of("cannot look through " + warehouse.root(), e);
    }
    strays += condemn(batch, branches);
    return counted(new CollectReport(0, 0, 0, strays, 0, 0));
  }

  private long condemn(List<Stray> files, BranchFiles branches) {
    List<Stray> unknown =
        metastore.read(
            tx -> files.stream().filter(file -> !tx.collect().knows(file.path())).toList());
    List<Stray> strays = new ArrayList<>();
    for (Stray file : unknown) {
      CollectionId owner =
          metastore
              .read(tx -> tx.collect().at(file.location()))
              .orElseGet(() -> new CollectionId(file.directory()));
      if (!branches.of(owner).contains(file.path())) {
        strays.add(file);
      }
    }
    return metastore.<Long>write(tx -> {
      long condemned = 0;
      for (Stray file : strays) {
        if (!tx.collect().knows(file.path())) {
          CollectionId owner =
              tx.collect().at(file.location()).orElseGet(() -> new CollectionId(file.directory()));
          tx.storage().condemn(file.database(), owner, List.of(file.path()));
          condemned++;
        }
      }
      return condemned;
    });
  }

  /**
   * What a run would take of one database now. It looks at ten thousand versions and files at most,
   * so that nobody waits long for it.
   */
  public CollectPreview preview(DatabaseId database) {
    AtomicReference<Optional<CollectPreview>> counted = new AtomicReference<>(Optional.empty());
    try {
      metastore.write(tx -> {
        counted.set(Optional.of(preview(tx, database, keeping)));
        throw new PolderException(ErrorCode.STATEMENT_CANCELLED, "a dry run is taken back");
      });
    } catch (PolderException e) {
      return counted.get().orElseThrow(() -> e);
    }
    throw new IllegalStateException("a dry run was committed");
  }

  private static CollectPreview preview(
      MetastoreTransaction tx, DatabaseId database, CollectOptions options) {
    boolean purged = purge(tx, database, options);
    long versions =
        tx.collect().forgetBefore(database, before(tx, options.retention()))
            ? tx.collect().forget(database, MOST_PREVIEWED)
            : 0;
    List<Candidate> candidates = tx.collect().candidates(database, "", MOST_PREVIEWED);
    Condemned condemned = condemn(tx, database, candidates);
    return new CollectPreview(
        purged,
        versions,
        condemned.files(),
        condemned.bytes(),
        versions < MOST_PREVIEWED && candidates.size() < MOST_PREVIEWED);
  }
}
