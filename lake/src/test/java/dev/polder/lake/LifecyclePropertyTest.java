package dev.polder.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.lake.backup.BackupPlaces;
import dev.polder.lake.backup.Backups;
import dev.polder.lake.backup.RestoreRequest;
import dev.polder.lake.backup.Restores;
import dev.polder.lake.collect.CollectOptions;
import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.io.Warehouse;
import dev.polder.lake.lineage.CloneRequest;
import dev.polder.lake.lineage.Clones;
import dev.polder.lake.plan.PlannedFile;
import dev.polder.metastore.SqliteMetastore;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.commit.CommitFile;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.IdSource;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import dev.polder.model.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

/**
 * Random writes, clones, drops, returns, restores, materializations and collections, compared with
 * maps: what can be asked for answers as it should, whatever was deleted, and in the end nothing is
 * left.
 */
class LifecyclePropertyTest {
  private static final List<TableRef> TABLES =
      List.of(TableRef.of("main", "a"), TableRef.of("main", "b"), TableRef.of("main", "c"));
  private static final Duration HOUR = Duration.ofHours(1);
  private static final CollectOptions OPTIONS =
      new CollectOptions(HOUR, HOUR, Duration.ofMinutes(10), HOUR);

  @TempDir Path directory;
  private final SettableClock clock = new SettableClock();
  private final List<Model> live = new ArrayList<>();
  private final List<Model> dropped = new ArrayList<>();
  private final List<DatabaseId> left = new ArrayList<>();
  private Random random = new Random();
  private TestLake root;
  private Clones clones;
  private long nextId;
  private int nextName;

  /** A database as it should be, now and after each of its commits. */
  private static final class Model {
    final TestLake lake;
    final DatabaseName name;
    final Optional<Model> parent;
    Map<TableRef, Set<Long>> tables;
    final TreeMap<Long, Map<TableRef, Set<Long>>> history = new TreeMap<>();

    Model(
        TestLake lake, DatabaseName name, Optional<Model> parent, Map<TableRef, Set<Long>> tables) {
      this.lake = lake;
      this.name = name;
      this.parent = parent;
      this.tables = copy(tables);
      remember();
    }

    DatabaseId id() {
      return lake.space.database();
    }

    Database row() {
      return lake.metastore.read(tx -> tx.databases().get(id()));
    }

    void remember() {
      history.put(row().commitSeq(), copy(tables));
    }

    static Map<TableRef, Set<Long>> copy(Map<TableRef, Set<Long>> tables) {
      Map<TableRef, Set<Long>> copy = new HashMap<>();
      tables.forEach((ref, ids) -> copy.put(ref, new TreeSet<>(ids)));
      return copy;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatCanBeAskedForAnswersAndTheRestGoes(long seed) {
    run(seed, 120, Warehouse.local(directory.resolve("warehouse")));
  }

  @Test
  void theSameHoldsInAnObjectStore() {
    run(9, 40, S3Server.running().warehouse());
  }

  private void run(long seed, int steps, Warehouse warehouse) {
    random = new Random(seed);
    IdSource ids = IdSource.timeOrdered(clock);
    try (TestLake lake =
        new TestLake(
            SqliteMetastore.open(directory.resolve("metastore.db"), clock, ids), warehouse)) {
      root = lake;
      clones = lake.lake.clones();
      live.add(new Model(lake, new DatabaseName("db"), Optional.empty(), Map.of()));
      for (int i = 0; i < steps; i++) {
        clock.advance(Duration.ofSeconds(random.nextInt(400)));
        step();
        if (i % 4 == 0) {
          check();
        }
      }
      check();
      endAll();
    }
  }

  private void step() {
    Model model = live.get(random.nextInt(live.size()));
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> append(model);
      case 4, 5 -> delete(model);
      case 6 -> createOrDrop(model);
      case 7, 8 -> cloneOf(model);
      case 9 -> drop(model);
      case 10 -> undrop();
      case 11, 12 -> {
        model.lake.lake.materializer().run(model.id(), Optional.empty(), progress -> {});
        assertIndependent(model);
      }
      case 13 -> reset(model);
      case 14 -> root.lake.collector().sweep(OPTIONS);
      case 15 -> move(model);
      case 16 -> restore(model);
      default -> root.lake.collector().run(OPTIONS);
    }
  }

  private Optional<TableRef> anyTable(Model model) {
    List<TableRef> refs =
        model.tables.keySet().stream()
            .sorted(java.util.Comparator.comparing(TableRef::key))
            .toList();
    return refs.isEmpty() ? Optional.empty() : Optional.of(refs.get(random.nextInt(refs.size())));
  }

  private void append(Model model) {
    anyTable(model)
        .ifPresentOrElse(
            ref -> {
              long first = nextId++;
              long second = nextId++;
              model.lake.append(ref, TestLake.row(first, "row"), TestLake.row(second, "row"));
              model.tables.get(ref).addAll(List.of(first, second));
              model.remember();
            },
            () -> createOrDrop(model));
  }

  private void createOrDrop(Model model) {
    TableRef ref = TABLES.get(random.nextInt(TABLES.size()));
    if (model.tables.containsKey(ref)) {
      model.lake.inTransaction(tx -> tx.drop(model.lake.find(tx, ref)));
      model.tables.remove(ref);
    } else {
      TableDefinition two = TableDefinition.of(TestLake.PEOPLE);
      model.lake.create(
          ref,
          new TableDefinition(
              two.schema(), two.spec(), two.sortOrder(), two.properties(), 2 + random.nextInt(2)));
      model.tables.put(ref, new TreeSet<>());
    }
    model.remember();
  }

  /** Marks one row of a file as deleted, or takes the file out with all its rows. */
  private void delete(Model model) {
    Optional<TableRef> ref = anyTable(model);
    if (ref.isEmpty()) {
      return;
    }
    TableState state = model.lake.lake.load(model.lake.find(ref.get()));
    List<PlannedFile> files = model.lake.lake.plan(state, LakeFilter.ALL).files();
    if (files.isEmpty()) {
      return;
    }
    PlannedFile file = files.get(random.nextInt(files.size()));
    List<Long> rows = ids(model.lake, state, file.path());
    RoaringBitmap gone =
        file.deletes().map(deletes -> deletes.positions()).orElseGet(RoaringBitmap::new);
    int position = 0;
    while (gone.contains(position)) {
      position++;
    }
    int at = position;
    boolean all = random.nextBoolean() || at >= rows.size();
    model.lake.inTransaction(tx ->
        tx.overwrite(
            model.lake.find(tx, ref.get()),
            all
                ? new Overwrite(List.of(file.dataFile()), List.of(), Map.of(), LakeFilter.ALL)
                : new Overwrite(
                    List.of(),
                    List.of(),
                    Map.of(file.dataFile(), RoaringBitmap.bitmapOf(at)),
                    LakeFilter.ALL)));
    if (all) {
      model.tables.get(ref.get()).removeAll(rows);
    } else {
      model.tables.get(ref.get()).remove(rows.get(at));
    }
    model.remember();
  }

  private static List<Long> ids(TestLake lake, TableState state, String path) {
    List<Long> ids = new ArrayList<>();
    try (CloseableIterable<Record> records =
        Parquet.read(lake.lake.warehouse().io().newInputFile(path))
            .project(state.schema())
            .createReaderFunc(type -> GenericParquetReaders.buildReader(state.schema(), type))
            .build()) {
      records.forEach(row -> ids.add(row.get(0, Long.class)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ids;
  }

  private void cloneOf(Model source) {
    if (live.size() > 6) {
      return;
    }
    List<Long> moments =
        new ArrayList<>(source.history.tailMap(source.row().historySeq()).keySet());
    boolean past = random.nextBoolean() && !moments.isEmpty();
    long seq = past ? moments.get(random.nextInt(moments.size())) : source.row().commitSeq();
    DatabaseName name = new DatabaseName("c" + nextName++);
    Database made;
    try {
      made =
          root.metastore.write(tx ->
              clones.create(
                  tx,
                  new CloneRequest(
                      source.name,
                      name,
                      Optional.of(new TimeTravel.AtSeq(seq)),
                      Optional.empty(),
                      TenantId.DEFAULT)));
    } catch (PolderException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.CLONE_DEPTH_EXCEEDED);
      return;
    }
    live.add(
        new Model(
            root.in(new SpaceKey(made.id(), TenantId.DEFAULT)),
            name,
            Optional.of(source),
            source.history.floorEntry(seq).getValue()));
  }

  private void reset(Model model) {
    Optional<Database> source =
        root.metastore.read(tx ->
            tx.lineage().parent(model.id()).map(lineage -> tx.databases().get(lineage.parent())));
    Optional<Model> from =
        live.stream()
            .filter(other -> source.filter(it -> it.id().equals(other.id())).isPresent())
            .findFirst();
    if (from.isPresent()) {
      root.metastore.write(tx ->
          clones.reset(tx, tx.databases().get(model.id()), Optional.empty(), TenantId.DEFAULT));
      model.tables = Model.copy(from.get().tables);
      model.remember();
    }
  }

  /** Its tenant goes to a new database; what it leaves is there for those that depend on it. */
  private void move(Model model) {
    DatabaseName name = new DatabaseName("m" + nextName++);
    if (root.metastore.<Boolean>read(tx -> tx.rewrites().shares(model.lake.space))) {
      assertThatThrownBy(() -> model.lake.moved(name.value()))
          .isInstanceOfSatisfying(
              PolderException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.PREFLIGHT_FAILED));
      return;
    }
    TestLake moved = model.lake.moved(name.value());
    live.set(live.indexOf(model), new Model(moved, name, model.parent, model.tables));
    left.add(model.id());
  }

  /** A backup of it becomes a database, or takes the place of what another one holds. */
  private void restore(Model model) {
    DatabaseName name = new DatabaseName("r" + nextName++);
    boolean force = live.size() > 6 || random.nextBoolean();
    Model target = live.get(random.nextInt(live.size()));
    Path key = directory.resolve("backup.key");
    try (BackupPlaces places =
        new BackupPlaces(directory.resolve("backups"), Optional.empty(), Optional.empty())) {
      Warehouse warehouse = root.lake.warehouse();
      new Backups(root.metastore, warehouse, root.lake.metadataFiles(), places, key)
          .run(model.id(), name.value(), new PrincipalName("admin"), progress -> {});
      new Restores(root.metastore, warehouse, root.lake.ids(), places, key)
          .run(
              new RestoreRequest(
                  name.value(),
                  force ? target.name : name,
                  force,
                  new PrincipalName("admin"),
                  TenantId.DEFAULT),
              progress -> {},
              (tx, backup, database) -> {});
    }
    if (force) {
      target.tables = Model.copy(model.tables);
      target.remember();
      return;
    }
    Database made = root.metastore.read(tx -> tx.databases().get(name));
    live.add(
        new Model(
            root.in(new SpaceKey(made.id(), TenantId.DEFAULT)),
            name,
            Optional.of(model),
            model.tables));
  }

  private void drop(Model model) {
    if (model.parent.isEmpty()) {
      return;
    }
    if (drop(model.id())) {
      live.remove(model);
      dropped.add(model);
    }
  }

  private boolean drop(DatabaseId id) {
    try {
      root.metastore.write(tx -> {
        Clones.requireNoDependents(tx, tx.databases().get(id));
        tx.databases().drop(id);
        return id;
      });
      return true;
    } catch (PolderException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.CLONE_DEPENDENCY);
      return false;
    }
  }

  private void undrop() {
    if (dropped.isEmpty()) {
      return;
    }
    Model model = dropped.remove(random.nextInt(dropped.size()));
    try {
      root.metastore.write(tx -> {
        tx.databases().undrop(model.id());
        return model;
      });
      live.add(model);
    } catch (PolderException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_NOT_FOUND);
      assertThat(model.row().purgedAt()).isPresent();
    }
  }

  private void check() {
    for (Model model : live) {
      check(model, model.tables, at -> model.lake.find(at));
      long from = model.row().historySeq();
      Map.Entry<Long, Map<TableRef, Set<Long>>> oldest = model.history.floorEntry(from);
      for (long seq : model.history.tailMap(oldest == null ? from : oldest.getKey()).keySet()) {
        long asked = Math.max(seq, from);
        check(
            model,
            model.history.get(seq),
            ref ->
                root.metastore
                    .read(tx ->
                        model
                            .lake
                            .lake
                            .snapshotAt(tx, model.lake.space, new TimeTravel.AtSeq(asked))
                            .find(ref))
                    .orElseThrow());
      }
    }
  }

  private static void check(
      Model model,
      Map<TableRef, Set<Long>> tables,
      java.util.function.Function<TableRef, LakeCollection> find) {
    tables.forEach((ref, ids) ->
        assertThat(
                model.lake.rows(model.lake.lake.load(find.apply(ref)), LakeFilter.ALL).stream()
                    .map(row -> (Long) row.getFirst()))
            .as("%s in %s", ref, model.name)
            .containsExactlyInAnyOrderElementsOf(ids));
  }

  private static void assertIndependent(Model model) {
    for (TableRef ref : model.tables.keySet()) {
      LakeCollection table = model.lake.find(ref);
      assertThat(Reach.of(model.lake, table))
          .allMatch(path -> path.startsWith(table.location() + "/"));
    }
    assertThat(model.lake.usage().sharedFiles()).isZero();
    assertThat(model.lake.metastore.<Boolean>read(tx -> tx.lineage().parent(model.id()).isEmpty()))
        .isTrue();
  }

  private void endAll() {
    // The root alone is left, without tables.
    while (live.size() + left.size() > 1) {
      int before = live.size() + left.size();
      new ArrayList<>(live).reversed().forEach(this::drop);
      left.removeIf(this::drop);
      assertThat(live.size() + left.size()).isLessThan(before);
    }
    Model last = live.getFirst();
    new ArrayList<>(last.tables.keySet())
        .forEach(ref -> last.lake.inTransaction(tx -> tx.drop(last.lake.find(tx, ref))));
    for (int i = 0; i < 4; i++) {
      clock.advance(Duration.ofHours(2));
      root.lake.collector().sweep(OPTIONS);
      root.lake.collector().run(OPTIONS);
    }
    assertThat(root.lake.warehouse().list()).isEmpty();
    List<CommitFile> left =
        root.metastore.read(tx -> tx.storage().files(last.id(), 0, Long.MAX_VALUE));
    assertThat(left).isEmpty();
  }
}
