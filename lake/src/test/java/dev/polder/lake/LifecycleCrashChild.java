package dev.polder.lake;

import dev.polder.lake.collect.CollectOptions;
import dev.polder.lake.lineage.Clones;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A process that drops a database by force, or collects, until it is killed. */
final class LifecycleCrashChild {
  static final CollectOptions AT_ONCE =
      new CollectOptions(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofDays(1));

  private LifecycleCrashChild() {}

  public static void main(String[] arguments) {
    TestLake lake = new TestLake(Path.of(arguments[0]));
    System.out.println("begun");
    System.out.flush();
    switch (arguments[1]) {
      case "force" -> force(lake, arguments[2]);
      default -> lake.lake.collector().run(AT_ONCE);
    }
    System.out.println("ended");
    System.out.flush();
  }

  /** What the statement does. */
  static void force(TestLake lake, String name) {
    Database database = lake.metastore.read(tx -> tx.databases().get(new DatabaseName(name)));
    List<Database> dependents = lake.metastore.read(tx -> Clones.dependents(tx, database));
    dependents.forEach(
        it -> lake.lake.materializer().run(it.id(), Optional.empty(), progress -> {}));
    lake.metastore.write(tx -> {
      Clones.requireNoDependents(tx, database);
      tx.databases().drop(database.id());
      return true;
    });
  }
}
