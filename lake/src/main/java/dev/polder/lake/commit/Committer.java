package dev.polder.lake.commit;

import dev.polder.lake.CommitNote;
import dev.polder.lake.Committed;
import dev.polder.lake.IsolationLevel;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.LakeMeters;
import dev.polder.lake.LakeOptions;
import dev.polder.lake.QuotaViews;
import dev.polder.lake.TableState;
import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.io.RecordingFileIO;
import dev.polder.lake.io.StorageFailure;
import dev.polder.lake.io.Warehouse;
import dev.polder.lake.plan.ScanPlanner;
import dev.polder.lake.write.DataFileConverter;
import dev.polder.lake.write.DataFileSpec;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.model.CollectionId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.util.ThreadPools;
import org.apache.iceberg.view.ViewMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The one way by which anything in a lake changes: files first, made durable, then one metastore
 * transaction that names them if every table still is at the version that was built upon. What
 * moved meanwhile is checked for conflicts and built again. Thread-safe.
 */
public final class Committer {
  private final Metastore metastore;
  private final Warehouse warehouse;
  private final LakeOptions options;
  private final ScanPlanner planner;
  private final MetadataFiles files;
  private final TableDefaults defaults;
  private final ChangeApplier applier;
  private final TableQueues queues;
  private final CommitPlaces places;
  private final LakeMeters meters;
  private final Publisher publisher;

  public Committer(
      Metastore metastore,
      Warehouse warehouse,
      LakeOptions options,
      ScanPlanner planner,
      MetadataFiles files,
      TableDefaults defaults,
      QuotaViews quotas,
      LakeMeters meters,
      ChangeSignal signal) {
    this.publisher = new Publisher(metastore, signal, options.commitTimeout());
    this.metastore = metastore;
    this.meters = meters;
    this.warehouse = warehouse;
    this.options = options;
    this.planner = planner;
    this.files = files;
    this.defaults = defaults;
    this.applier =
        new ChangeApplier(
            planner,
            defaults,
            warehouse.isLocal() ? new InlineExecutor() : ThreadPools.getWorkerPool());
    this.queues = new TableQueues(options.commitTimeout());
    this.places = new CommitPlaces(quotas, options.commitsAtOnce(), options.commitTimeout());
  }

  ChangeApplier applier() {
    return applier;
  }

  Committed commit(CommitPlan plan) {
    long start = System.nanoTime();
    Committed committed = plan.isPlainAppend() ? append(plan) : commitAll(plan);
    meters.committed(plan.space().database(), System.nanoTime() - start);
    return committed;
  }

  private Committed append(CommitPlan plan) {
    TableWork work = plan.tables().getFirst();
    return together(
        work.entry().id(),
        TableQueues.TableQueue::appends,
        new Pending<>(plan.space(), work, plan.note()),
        (waiting, place) -> new GroupAppend(this, waiting, place).run());
  }

  /** Decides all that it is given. */
  @FunctionalInterface
  interface Group<W, R> {
    void decide(List<Pending<W, R>> waiting, CommitPlace place);
  }

  /** Waits for the turn at the table and then decides whatever waits there of the same kind. */
  <W, R> R together(
      CollectionId table,
      Function<TableQueues.TableQueue, TableQueues.Line<W, R>> kind,
      Pending<W, R> mine,
      Group<W, R> group) {
    TableQueues.Line<W, R> line = kind.apply(queues.of(table));
    line.offer(mine);
    try (TableQueues.Turn _ = queues.acquire(List.of(table))) {
      if (!mine.decided()) {
        decide(mine, line, group);
      }
    } catch (PolderException e) {
      line.withdraw(mine);
      if (!mine.decided()) {
        throw e;
      }
    }
    return mine.result();
  }

  private <W, R> void decide(Pending<W, R> mine, TableQueues.Line<W, R> line, Group<W, R> group) {
    try (CommitPlace place = place(mine.space())) {
      while (!mine.decided()) {
        group.decide(line.take(options.groupCommitMax()), place);
      }
    }
  }

  CommitPlace place(SpaceKey space) {
    return places.of(space);
  }

  private Committed commitAll(CommitPlan plan) {
    List<CollectionId> touched =
        plan.tables().stream()
            .filter(table -> !table.created())
            .map(table -> table.entry().id())
            .toList();
    Garbage garbage = new Garbage(metastore, plan.space());
    plan.tables().forEach(garbage::watch);
    try (TableQueues.Turn _ = queues.acquire(touched);
        CommitPlace place = place(plan.space())) {
      for (int attempt = 0; attempt < options.commitAttempts(); attempt++) {
        CommitRequest.Builder request = request(plan.space(), plan.note());
        List<LakeCollection> changed = new ArrayList<>();
        Map<CollectionId, CollectionEntry> current = current(plan);
        for (TableWork work : plan.tables()) {
          PreparedTable prepared =
              prepare(
                  work,
                  current.get(work.entry().id()),
                  reads(plan, work),
                  plan.isolation(),
                  garbage);
          add(request, prepared, plan.names().get(work.entry().id()), changed, plan.note());
        }
        for (CommitPlan.ViewWork view : plan.views()) {
          addView(
              request, view, plan.names().get(view.entry().id()), changed, garbage, plan.note());
        }
        if (plan.onlyDeletes()) {
          request.onlyDeletes();
        }
        plan.schemas().forEach(request::change);
        plan.others().forEach(request::change);
        requireReads(plan, current, request);
        warehouse.sync();
        CommitRequest built = request.build();
        switch (publisher.publish(built, place)) {
          case CommitOutcome.Committed done -> {
            garbage.condemnBut(paths(built));
            return committed(done, changed);
          }
          case CommitOutcome.Conflict conflict -> {
            if (conflict.currentMetadataLocation().isEmpty()) {
              throw Conflict.of("a table or view that it changes was dropped");
            }
            if (plan.views().stream()
                .anyMatch(view -> view.entry().id().equals(conflict.collection()))) {
              throw Conflict.of("a view that it changes was replaced");
            }
          }
        }
      }
      throw Conflict.of(
          "the tables changed under it " + options.commitAttempts() + " times in a row");
    } catch (PolderException e) {
      garbage.condemnAfter(e);
      throw e;
    }
  }

  /** Builds a table's next version on the current one and writes its metadata file. */
  PreparedTable prepare(
      TableWork work,
      @Nullable CollectionEntry current,
      List<LakeFilter> reads,
      IsolationLevel isolation,
      Garbage garbage) {
    try {
      if (work.created()) {
        verifyPresent(work.changes());
        TableMetadata built = defaults.enforce(work.state(applier).metadata());
        return new PreparedTable(
            work.entry(),
            null,
            files.write(built, directory(work.entry(), built.properties()), "", work.io()),
            work.changes(),
            work.io());
      }
      if (current == null || current.droppedSeq().isPresent()) {
        throw Conflict.of("table " + work.entry().ref() + " was dropped");
      }
      TableMetadata base = files.table(current);
      RecordingFileIO io = work.io();
      TableMetadata built;
      if (verify(work, current, base, reads, isolation)) {
        io = new RecordingFileIO(warehouse.io());
        garbage.watch(work.entry().id(), io);
        built = again(work, base, io);
      } else {
        built = work.state(applier).metadata();
      }
      return written(work.entry(), base, built, work.changes(), io);
    } catch (RuntimeException e) {
      throw e instanceof PolderException known
          ? known
          : StorageFailure.of("cannot write table " + work.entry().ref(), e);
    }
  }

  /** Builds one version of a table that holds the data files of several transactions. */
  PreparedTable prepareTogether(
      LakeCollection entry, CollectionEntry current, List<DataFileSpec> added, Garbage garbage) {
    try {
      TableMetadata base = files.table(current);
      RecordingFileIO io = new RecordingFileIO(warehouse.io());
      garbage.watch(entry.id(), io);
      TableChange all = new TableChange.Append(added);
      TableMetadata built = applier.apply(entry.id(), base, all, io);
      return written(entry, base, built, List.of(all), io);
    } catch (RuntimeException e) {
      throw e instanceof PolderException known
          ? known
          : StorageFailure.of("cannot write table " + entry.ref(), e);
    }
  }

  private PreparedTable written(
      LakeCollection entry,
      TableMetadata base,
      TableMetadata built,
      List<TableChange> changes,
      RecordingFileIO io) {
    if (isSame(built, base)) {
      return new PreparedTable(entry, base, base, changes, io);
    }
    TableMetadata written =
        files.write(
            defaults.enforce(built),
            directory(entry, built.properties()),
            base.metadataFileLocation(),
            io);
    warehouse.written(io.written());
    return new PreparedTable(entry, base, written, changes, io);
  }

  /**
   * Fails when the changes cannot be applied to the table as it is now.
   *
   * @return whether the table has moved since the transaction began
   */
  private boolean verify(
      TableWork work,
      CollectionEntry current,
      TableMetadata base,
      List<LakeFilter> reads,
      IsolationLevel isolation) {
    verifyPresent(work.changes());
    boolean moved = !current.metadataLocation().equals(work.base().metadataFileLocation());
    if (moved) {
      TableState now = TableState.of(current.id(), base, current.metadataLocation());
      new ConflictCheck(planner, work.baseState(), now).verify(work.changes(), reads, isolation);
    }
    return moved;
  }

  /** Fails when an append cannot be part of the table's next version. */
  void verifyAppend(TableWork work, @Nullable CollectionEntry current) {
    if (current == null || current.droppedSeq().isPresent()) {
      throw Conflict.of("table " + work.entry().ref() + " was dropped");
    }
    TableMetadata base = files.table(current);
    verify(work, current, base, List.of(), IsolationLevel.SNAPSHOT);
    DataFileConverter converter = new DataFileConverter(base);
    work.changes().forEach(change -> change.added().forEach(converter::convert));
  }

  private void verifyPresent(List<TableChange> changes) {
    for (TableChange change : changes) {
      for (DataFileSpec file : change.added()) {
        long size = warehouse.size(file.path());
        if (size != file.fileSize()) {
          throw new PolderException(
              ErrorCode.DATA_FILE_MISSING,
              "data file "
                  + file.path()
                  + " is missing or incomplete: it has "
                  + size
                  + " of "
                  + file.fileSize()
                  + " bytes; run the statement again");
        }
      }
    }
  }

  static Set<String> paths(CommitRequest request) {
    Set<String> paths = new HashSet<>();
    request.files().forEach(file -> paths.add(file.path()));
    return paths;
  }

  @SuppressWarnings("ReferenceEquality") // a change that changes nothing answers the object itself
  static boolean isSame(TableMetadata left, @Nullable TableMetadata right) {
    return left == right;
  }

  private TableMetadata again(TableWork work, TableMetadata base, RecordingFileIO io) {
    TableMetadata built = base;
    for (TableChange change : work.changes()) {
      try {
        built = applier.apply(work.entry().id(), built, change, io);
      } catch (PolderException e) {
        throw e;
      } catch (RuntimeException e) {
        if (StorageFailure.isStorage(e)) {
          throw e;
        }
        throw Conflict.of(String.valueOf(e.getMessage()), e);
      }
    }
    return built;
  }

  void add(
      CommitRequest.Builder request,
      PreparedTable table,
      CommitPlan.@Nullable Name name,
      List<LakeCollection> changed,
      CommitNote note) {
    LakeCollection entry = table.entry();
    String location = Objects.requireNonNull(table.written().metadataFileLocation());
    if (table.previous() == null) {
      CommitPlan.Name place =
          name == null ? new CommitPlan.Name(entry.schema(), entry.ref()) : name;
      request.change(create(entry, place, location, note));
    } else if (name != null) {
      request.change(
          new CollectionChange.Rename(
              entry.id(),
              name.schema(),
              name.ref().name(),
              Optional.of(table.expectedLocation()),
              table.unchanged() ? Optional.empty() : Optional.of(location)));
    } else if (table.unchanged()) {
      request.change(new CollectionChange.Require(entry.id(), location));
    } else {
      request.change(new CollectionChange.Update(entry.id(), table.expectedLocation(), location));
    }
    if (!table.unchanged()) {
      table.files(planner, warehouse).forEach(request::file);
      if (note.statements().isEmpty()) {
        table.changedRows(note).ifPresent(request::statement);
      }
    }
    changed.add(at(entry, name, location));
  }

  void addView(
      CommitRequest.Builder request,
      CommitPlan.ViewWork view,
      CommitPlan.@Nullable Name name,
      List<LakeCollection> changed,
      Garbage garbage,
      CommitNote note) {
    RecordingFileIO io = new RecordingFileIO(warehouse.io());
    garbage.watch(view.entry().id(), io);
    LakeCollection entry = view.entry();
    String directory = directory(entry, view.metadata().properties());
    ViewMetadata written = files.write(view.metadata(), directory, entry.metadataLocation(), io);
    String location = Objects.requireNonNull(written.metadataFileLocation());
    io.written()
        .forEach((path, bytes) -> {
          if (!warehouse.isExternal(path)) {
            request.file(entry.added(path, bytes));
          }
        });
    warehouse.written(io.written());
    if (!view.created() && !warehouse.isExternal(entry.metadataLocation())) {
      String old = entry.metadataLocation();
      request.file(entry.removed(old, warehouse.size(old)));
    }
    if (view.created()) {
      CommitPlan.Name place =
          name == null ? new CommitPlan.Name(entry.schema(), entry.ref()) : name;
      request.change(create(entry, place, location, note));
    } else if (name != null) {
      request.change(
          new CollectionChange.Rename(
              entry.id(),
              name.schema(),
              name.ref().name(),
              Optional.of(entry.metadataLocation()),
              Optional.of(location)));
    } else {
      request.change(new CollectionChange.Update(entry.id(), entry.metadataLocation(), location));
    }
    changed.add(at(entry, name, location));
  }

  private static CollectionChange create(
      LakeCollection entry, CommitPlan.Name place, String location, CommitNote note) {
    return new CollectionChange.Create(
        entry.id(),
        place.schema(),
        entry.kind(),
        place.ref().name(),
        entry.uuid().toString(),
        entry.location(),
        location,
        note.owner());
  }

  static LakeCollection at(
      LakeCollection entry, CommitPlan.@Nullable Name name, String metadataLocation) {
    LakeCollection version = entry.at(metadataLocation, entry.seq());
    return name == null ? version : NameOverlay.renamed(version, name.schema(), name.ref());
  }

  static Committed committed(CommitOutcome.Committed done, List<LakeCollection> changed) {
    return new Committed(
        done.seq(),
        done.committedAt(),
        changed.stream().map(entry -> entry.withSeq(done.seq())).toList());
  }

  private static List<LakeFilter> reads(CommitPlan plan, TableWork work) {
    return plan.reads().stream()
        .filter(read -> read.table().id().equals(work.entry().id()))
        .flatMap(read -> read.filters().stream())
        .toList();
  }

  /** Under serializable isolation what was only read must still hold when the commit lands. */
  private void requireReads(
      CommitPlan plan, Map<CollectionId, CollectionEntry> current, CommitRequest.Builder request) {
    if (plan.isolation() != IsolationLevel.SERIALIZABLE) {
      return;
    }
    for (CommitPlan.Read read : plan.reads()) {
      CollectionId id = read.table().id();
      boolean written =
          Stream.concat(
                  plan.tables().stream().map(table -> table.entry().id()),
                  plan.others().stream().map(CollectionChange::id))
              .anyMatch(id::equals);
      if (written) {
        continue;
      }
      CollectionEntry now = current.get(id);
      if (now == null || now.droppedSeq().isPresent()) {
        throw Conflict.of("table " + read.table().ref() + ", which it read, was dropped");
      }
      if (!now.metadataLocation().equals(read.table().metadataLocation())) {
        TableState state = TableState.of(id, files.table(now), now.metadataLocation());
        new ConflictCheck(planner, read.before(), state)
            .verify(List.of(), read.filters(), plan.isolation());
      }
      request.change(new CollectionChange.Require(id, now.metadataLocation()));
    }
  }

  private Map<CollectionId, CollectionEntry> current(CommitPlan plan) {
    List<CollectionId> ids =
        Stream.concat(
                plan.tables().stream()
                    .filter(table -> !table.created())
                    .map(table -> table.entry().id()),
                plan.reads().stream().map(read -> read.table().id()))
            .distinct()
            .toList();
    return current(ids);
  }

  Map<CollectionId, CollectionEntry> current(List<CollectionId> ids) {
    if (ids.isEmpty()) {
      return Map.of();
    }
    return metastore.read(tx -> {
      Map<CollectionId, CollectionEntry> entries = new HashMap<>();
      for (CollectionId id : ids) {
        tx.collections().find(id).ifPresent(entry -> entries.put(id, entry));
      }
      return entries;
    });
  }

  static CommitRequest.Builder request(SpaceKey space, CommitNote note) {
    CommitRequest.Builder builder = CommitRequest.builder(space, note.operation());
    note.principal().ifPresent(builder::principal);
    note.events().forEach(builder::event);
    note.audit().forEach(builder::audit);
    note.statements().forEach(builder::statement);
    note.steps().forEach(builder::step);
    return builder;
  }

  /** Keeps this server's commits to a table waiting while the work runs. */
  public <T> T exclusively(CollectionId table, Supplier<T> work) {
    try (TableQueues.Turn _ = queues.acquire(List.of(table))) {
      return work.get();
    }
  }

  /** Where a table's or view's metadata files go: to its own directory or an external one. */
  String directory(LakeCollection entry, Map<String, String> properties) {
    String own = entry.location() + "/metadata";
    String wanted = properties.getOrDefault(TableProperties.WRITE_METADATA_LOCATION, own);
    boolean may = Warehouse.isBelow(wanted, entry.location()) || warehouse.isExternal(wanted);
    return may ? wanted : own;
  }

  ForeignFiles foreign(LakeCollection table) {
    return new ForeignFiles(planner, warehouse, metastore, table);
  }

  TableQueues queues() {
    return queues;
  }

  MetadataFiles metadata() {
    return files;
  }

  TableDefaults defaults() {
    return defaults;
  }

  Metastore metastore() {
    return metastore;
  }

  Warehouse warehouse() {
    return warehouse;
  }

  Publisher publisher() {
    return publisher;
  }

  LakeMeters meters() {
    return meters;
  }

  int attempts() {
    return options.commitAttempts();
  }
}
