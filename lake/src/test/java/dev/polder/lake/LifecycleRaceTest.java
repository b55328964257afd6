package dev.polder.lake;

import static dev.polder.lake.TestLake.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.lake.collect.CollectOptions;
import dev.polder.lake.io.Warehouse;
import dev.polder.lake.lineage.CloneRequest;
import dev.polder.lake.lineage.Clones;
import dev.polder.metastore.SqliteMetastore;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.IdSource;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writes, clones, drops, materializations and collections at the same time, from several threads
 * whose interleaving is another one in each run; the contents are compared with sets. A failure
 * names the seed of the choices.
 */
final class LifecycleRaceTest {
  private static final int THREADS = 3;
  private static final int STEPS = 60;
  private static final int MOST = 8;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final CollectOptions OPTIONS =
      new CollectOptions(HOUR, HOUR, Duration.ofMinutes(10), HOUR);

  @TempDir Path directory;
  private final SettableClock clock = new SettableClock();
  private final List<Model> live = new CopyOnWriteArrayList<>();

  /** Nothing may last longer than the grace: time goes on between the steps alone. */
  private final ReentrantReadWriteLock time = new ReentrantReadWriteLock();

  private final AtomicLong nextId = new AtomicLong();
  private final AtomicInteger nextName = new AtomicInteger();
  private TestLake root;

  /** A database and what it holds; who writes to it or cuts from it has the lock. */
  private static final class Model {
    final TestLake lake;
    final DatabaseName name;
    final Set<Long> ids;
    final ReentrantLock lock = new ReentrantLock();
    boolean gone;

    Model(TestLake lake, DatabaseName name, Set<Long> ids) {
      this.lake = lake;
      this.name = name;
      this.ids = new TreeSet<>(ids);
    }
  }

  @RepeatedTest(4)
  void whatHappensAtTheSameTimeIsAsIfOneAfterTheOther() throws Exception {
    long seed = System.nanoTime();
    IdSource ids = IdSource.timeOrdered(clock);
    try (TestLake lake =
        new TestLake(
            SqliteMetastore.open(directory.resolve("metastore.db"), clock, ids),
            Warehouse.local(directory.resolve("warehouse")))) {
      root = lake;
      lake.create(T, TableDefinition.of(TestLake.PEOPLE));
      live.add(new Model(lake, new DatabaseName("db"), Set.of()));
      try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          Random random = new Random(seed + i);
          running.add(threads.submit(() -> steps(random)));
        }
        for (Future<?> thread : running) {
          thread.get(2, TimeUnit.MINUTES);
        }
      }
      live.forEach(LifecycleRaceTest::check);
      endAll();
    } catch (Exception | AssertionError e) {
      throw new AssertionError("with the seed " + seed, e);
    }
  }

  private void steps(Random random) {
    for (int i = 0; i < STEPS; i++) {
      if (random.nextInt(6) == 0) {
        time.writeLock().lock();
        try {
          clock.advance(Duration.ofMinutes(random.nextInt(80)));
        } finally {
          time.writeLock().unlock();
        }
      }
      time.readLock().lock();
      try {
        step(random);
      } finally {
        time.readLock().unlock();
      }
    }
  }

  private void step(Random random) {
    Model model = live.get(random.nextInt(live.size()));
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> locked(model, () -> append(model));
      case 3, 4 -> locked(model, () -> cloneOf(model));
      case 5 -> drop(model);
      case 6 -> materialize(model);
      case 7, 8 -> root.lake.collector().run(OPTIONS);
      default -> locked(model, () -> check(model));
    }
  }

  private static void locked(Model model, Runnable work) {
    model.lock.lock();
    try {
      if (!model.gone) {
        work.run();
      }
    } finally {
      model.lock.unlock();
    }
  }

  private void append(Model model) {
    long id = nextId.incrementAndGet();
    model.lake.append(T, TestLake.row(id, "row"));
    model.ids.add(id);
  }

  private void cloneOf(Model source) {
    if (live.size() >= MOST) {
      return;
    }
    DatabaseName name = new DatabaseName("c" + nextName.incrementAndGet());
    try {
      Database made =
          root.metastore.write(tx ->
              root.lake
                  .clones()
                  .create(
                      tx,
                      new CloneRequest(
                          source.name,
                          name,
                          Optional.empty(),
                          Optional.empty(),
                          TenantId.DEFAULT)));
      live.add(
          new Model(
              root.in(new SpaceKey(made.id(), TenantId.DEFAULT)), name, new TreeSet<>(source.ids)));
    } catch (PolderException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.CLONE_DEPTH_EXCEEDED);
    }
  }

  /** All but the first, which is there for the others to choose from. */
  private void drop(Model model) {
    if (model.lake.space.equals(root.space)) {
      return;
    }
    locked(
        model,
        () -> {
          try {
            dropNow(model);
            model.gone = true;
            live.remove(model);
          } catch (PolderException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CLONE_DEPENDENCY);
          }
        });
  }

  private void dropNow(Model model) {
    root.metastore.write(tx -> {
      Database database = tx.databases().get(model.lake.space.database());
      Clones.requireNoDependents(tx, database);
      tx.databases().drop(database.id());
      return database;
    });
  }

  /** While others write to it, or drop it. */
  private static void materialize(Model model) {
    try {
      model
          .lake
          .lake
          .materializer()
          .run(model.lake.space.database(), Optional.empty(), progress -> {});
    } catch (PolderException e) {
      if (e.code() != ErrorCode.DATABASE_NOT_FOUND) {
        throw e;
      }
    }
  }

  /** What is dropped for good leaves nothing. */
  private void endAll() {
    live.forEach(model ->
        root.metastore.write(tx -> {
          tx.databases().drop(model.lake.space.database());
          return model;
        }));
    for (int i = 0; i < 4; i++) {
      clock.advance(Duration.ofHours(2));
      root.lake.collector().sweep(OPTIONS);
      root.lake.collector().run(OPTIONS);
    }
    assertThat(root.lake.warehouse().list()).isEmpty();
  }

  private static void check(Model model) {
    assertThat(model.lake.rows(T).stream().map(row -> (Long) row.getFirst()))
        .as("%s", model.name)
        .containsExactlyInAnyOrderElementsOf(model.ids);
  }
}
