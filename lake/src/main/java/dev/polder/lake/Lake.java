package dev.polder.lake;

import dev.polder.lake.backup.Backups;
import dev.polder.lake.backup.Restores;
import dev.polder.lake.collect.Collector;
import dev.polder.lake.commit.ChangeSignal;
import dev.polder.lake.commit.Committer;
import dev.polder.lake.commit.JournaledTransaction;
import dev.polder.lake.commit.MetadataFiles;
import dev.polder.lake.commit.SpaceNames;
import dev.polder.lake.commit.TableDefaults;
import dev.polder.lake.commit.UpdateCommits;
import dev.polder.lake.commit.Views;
import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.io.FormatModels;
import dev.polder.lake.io.Warehouse;
import dev.polder.lake.lineage.Clones;
import dev.polder.lake.lineage.Materializer;
import dev.polder.lake.mirror.LastQuestions;
import dev.polder.lake.mirror.MirrorSource;
import dev.polder.lake.mirror.Mirrors;
import dev.polder.lake.mirror.SecretBox;
import dev.polder.lake.plan.ScanPlan;
import dev.polder.lake.plan.ScanPlanner;
import dev.polder.lake.plan.TaskPlanner;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.Schema;
import dev.polder.metastore.lineage.Independence;
import dev.polder.metastore.lineage.Moment;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.IdSource;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The Iceberg tables and views of all databases: their versions, scan plans and transactions.
 * Thread-safe. It owns the warehouse; the metastore belongs to the caller.
 */
public final class Lake implements AutoCloseable {
  private final Metastore metastore;
  private final Warehouse warehouse;
  private final IdSource ids;
  private final MetadataFiles files;
  private final ScanPlanner planner;
  private final TableDefaults defaults;
  private final Committer committer;
  private final Collector collector;
  private final SecretBox secrets;
  private final Mirrors mirrors;
  private final MirrorSource mirrorSource;
  private final LastQuestions lastQuestions;
  private final Optional<BackupOptions> backups;
  private final QuotaViews quotas;
  private final LakeMeters meters = new LakeMeters();

  /** A lake that is not backed up. */
  public Lake(Metastore metastore, Warehouse warehouse, IdSource ids, LakeOptions options) {
    this(metastore, warehouse, ids, options, Optional.empty());
  }

  public Lake(
      Metastore metastore,
      Warehouse warehouse,
      IdSource ids,
      LakeOptions options,
      Optional<BackupOptions> backups) {
    this.backups = backups;
    FormatModels.load();
    this.metastore = metastore;
    this.quotas = new QuotaViews(metastore);
    this.warehouse = warehouse;
    this.ids = ids;
    this.files = new MetadataFiles(warehouse.io(), options.metadataCacheBytes());
    this.planner =
        new ScanPlanner(warehouse.io(), options.manifestCacheBytes(), options.deleteCacheBytes());
    this.defaults = new TableDefaults(options);
    ChangeSignal signal = new ChangeSignal(metastore);
    this.committer =
        new Committer(
            metastore, warehouse, options, planner, files, defaults, quotas, meters, signal);
    this.mirrorSource = new MirrorSource(metastore, warehouse, signal);
    this.secrets = new SecretBox(options.secretKey());
    this.mirrors = new Mirrors(warehouse, secrets, options.plainHttp(), options.trust());
    this.lastQuestions = new LastQuestions(metastore, mirrors, signal);
    this.collector = new Collector(metastore, warehouse, files, planner, meters);
  }

  /** The newest state of a space; its names can be asked for as long as the unit of work runs. */
  public LakeSnapshot snapshot(MetastoreTransaction tx, SpaceKey space) {
    return new Newest(tx, space, tx.databases().get(space.database()).commitSeq());
  }

  /** An earlier state of a space; its names can be asked for as long as the unit of work runs. */
  public LakeSnapshot snapshotAt(MetastoreTransaction tx, SpaceKey space, TimeTravel at) {
    Optional<Moment> moment =
        switch (at) {
          case TimeTravel.AtSeq commit -> after(tx, space, commit.seq());
          case TimeTravel.AtMicros time -> tx.history().at(space, time.micros());
        };
    if (moment.isPresent()) {
      return new Earlier(tx, moment.get());
    }
    tx.history()
        .cutOff(space)
        .ifPresent(ended -> {
          throw historyEnded(tx, ended);
        });
    if (tx.spaces().get(space).origin().isPresent()) {
      return new Beginning(tx, space);
    }
    throw new PolderException(
        ErrorCode.VERSION_NOT_FOUND, "the database did not exist yet at that time");
  }

  private static PolderException historyEnded(MetastoreTransaction tx, DatabaseId database) {
    Database ended = tx.databases().get(database);
    Independence independence = tx.lineage().independence(database).orElseThrow();
    return new PolderException(
        ErrorCode.VERSION_NOT_FOUND,
        "the history of "
            + ended.name()
            + " before it was materialized at "
            + independence.at()
            + " ended with that; it begins with its own first commit, and what was before may be"
            + " asked of "
            + tx.databases().get(independence.source()).name());
  }

  private static Optional<Moment> after(MetastoreTransaction tx, SpaceKey space, long seq) {
    long newest = tx.databases().get(space.database()).commitSeq();
    if (seq < 0 || seq > newest) {
      throw new PolderException(
          ErrorCode.VERSION_NOT_FOUND,
          "the database has no commit " + seq + "; its newest is " + newest);
    }
    return tx.history().after(space, seq);
  }

  public TableState load(LakeCollection table) {
    if (!table.isTable()) {
      throw new PolderException(
          ErrorCode.WRONG_OBJECT_TYPE, table.ref() + " is a " + table.kind().word());
    }
    TableState state = TableState.of(table.id(), files.table(table), table.metadataLocation());
    return table.isBeforeItsFirstRow() ? state.beforeItsFirstRow() : state;
  }

  public ViewState loadView(LakeCollection view) {
    if (!view.isView()) {
      throw new PolderException(
          ErrorCode.WRONG_OBJECT_TYPE, view.ref() + " is a " + view.kind().word());
    }
    return Views.state(view.id(), files.view(view));
  }

  public ScanPlan plan(TableState table, LakeFilter filter) {
    return planner.plan(table, filter);
  }

  /** Plans scans for other engines. */
  public TaskPlanner tasks() {
    return new TaskPlanner(warehouse.io(), planner);
  }

  /** Seals what only servers of this metastore may read. */
  public SecretBox secrets() {
    return secrets;
  }

  /** Begins a transaction on the state that a snapshot has shown. */
  public LakeTransaction begin(SpaceKey space, LakeSnapshot at, IsolationLevel isolation) {
    return begin(space, at.seq(), isolation);
  }

  /** Begins a transaction on the state after a commit of the space's database. */
  public LakeTransaction begin(SpaceKey space, long seq, IsolationLevel isolation) {
    return new JournaledTransaction(
        committer,
        planner,
        files,
        defaults,
        ids,
        space,
        new SpaceNames(metastore, space, seq),
        isolation);
  }

  public Clones clones() {
    return new Clones(warehouse);
  }

  public Mirrors mirrors() {
    return mirrors;
  }

  /** What other servers may have of databases of this one. */
  public MirrorSource mirrorSource() {
    return mirrorSource;
  }

  /** What to ask a mirror's source before the mirror is promoted. */
  public LastQuestions lastQuestions() {
    return lastQuestions;
  }

  public Materializer materializer() {
    return new Materializer(metastore, warehouse, files, committer);
  }

  public Backups backups() {
    BackupOptions options = backupOptions();
    return new Backups(metastore, warehouse, files, options.places(), options.keyFile());
  }

  public Restores restores() {
    BackupOptions options = backupOptions();
    return new Restores(metastore, warehouse, ids, options.places(), options.keyFile());
  }

  private BackupOptions backupOptions() {
    return backups.orElseThrow(() ->
        new PolderException(
            ErrorCode.INVALID_CONFIGURATION, "this server was given no place for backups"));
  }

  /** How it fares, database by database. */
  public LakeMeters meters() {
    return meters;
  }

  public Collector collector() {
    return collector;
  }

  /** What limits the spaces. */
  public QuotaViews quotas() {
    return quotas;
  }

  public Warehouse warehouse() {
    return warehouse;
  }

  public Metastore metastore() {
    return metastore;
  }

  public IdSource ids() {
    return ids;
  }

  public Committer committer() {
    return committer;
  }

  /** Commits what other engines ask for. */
  public UpdateCommits updates() {
    return new UpdateCommits(committer);
  }

  public MetadataFiles metadataFiles() {
    return files;
  }

  public TableDefaults defaults() {
    return defaults;
  }

  @Override
  public void close() {
    backups.ifPresent(options -> options.places().close());
    warehouse.close();
  }

  private record Newest(MetastoreTransaction tx, SpaceKey space, long seq) implements LakeSnapshot {
    private static final int PAGE = 1000;

    @Override
    public Optional<LakeCollection> find(TableRef ref) {
      return tx.collections().find(space, ref).map(LakeCollection::of);
    }

    @Override
    public List<LakeCollection> list() {
      List<LakeCollection> all = new ArrayList<>();
      Optional<String> schemaKey = Optional.empty();
      do {
        var schemas = tx.schemas().list(space, schemaKey, PAGE);
        schemas.items().forEach(schema -> addAll(schema, all));
        schemaKey = schemas.next();
      } while (schemaKey.isPresent());
      return all;
    }

    @Override
    public List<LakeSchema> schemas() {
      List<LakeSchema> all = new ArrayList<>();
      Optional<String> key = Optional.empty();
      do {
        var page = tx.schemas().list(space, key, PAGE);
        page.items().forEach(schema -> all.add(new LakeSchema(schema.id(), schema.name())));
        key = page.next();
      } while (key.isPresent());
      return all;
    }

    private void addAll(Schema schema, List<LakeCollection> all) {
      Optional<String> key = Optional.empty();
      do {
        var page = tx.collections().list(schema.id(), key, PAGE);
        page.items().forEach(entry -> all.add(LakeCollection.of(entry)));
        key = page.next();
      } while (key.isPresent());
    }
  }

  private record Earlier(MetastoreTransaction tx, Moment moment) implements LakeSnapshot {
    @Override
    public long seq() {
      return moment.seq();
    }

    @Override
    public Optional<LakeCollection> find(TableRef ref) {
      return tx.history().find(moment, ref.schema(), ref.name()).map(LakeCollection::of);
    }

    @Override
    public List<LakeSchema> schemas() {
      return tx.history().schemas(moment).stream()
          .map(schema -> new LakeSchema(schema.id(), schema.name()))
          .toList();
    }

    @Override
    public List<LakeCollection> list() {
      return tx.history().collections(moment).stream().map(LakeCollection::of).toList();
    }
  }

  /** A clone before all that it descends from: its tables as they are named now, without a row. */
  private record Beginning(MetastoreTransaction tx, SpaceKey space) implements LakeSnapshot {
    @Override
    public long seq() {
      return 0;
    }

    @Override
    public Optional<LakeCollection> find(TableRef ref) {
      return new Newest(tx, space, 0).find(ref).map(LakeCollection::beforeItsFirstRow);
    }

    @Override
    public List<LakeSchema> schemas() {
      return new Newest(tx, space, 0).schemas();
    }

    @Override
    public List<LakeCollection> list() {
      return new Newest(tx, space, 0)
          .list().stream().map(LakeCollection::beforeItsFirstRow).toList();
    }
  }
}
