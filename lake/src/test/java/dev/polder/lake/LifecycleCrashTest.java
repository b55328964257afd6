package dev.polder.lake;

import static dev.polder.lake.TestLake.T;
import static dev.polder.lake.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.lake.lineage.CloneRequest;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that materializes, drops by force or collects, and has the work done again. */
class LifecycleCrashTest {
  private static final int KILLS = 4;
  private static final long FILES = 60;

  @TempDir Path directory;
  private final Random random = new Random();

  @Test
  void aDropByForceConvergesAndTheSourceIsThereUntilNobodyNeedsIt() throws Exception {
    try (TestLake lake = new TestLake(directory)) {
      lake.create(T, TableDefinition.of(TestLake.PEOPLE));
      for (long i = 0; i < FILES; i++) {
        lake.append(T, row(i, "row"));
      }
      clone(lake, "a");
      clone(lake, "b");
    }
    for (int i = 0; i < KILLS; i++) {
      runUntilKilled("force", "db");
      try (TestLake lake = new TestLake(directory)) {
        check(lake);
      }
    }
    try (TestLake lake = new TestLake(directory)) {
      LifecycleCrashChild.force(lake, "db");
      check(lake);
      for (String name : List.of("a", "b")) {
        boolean independent =
            lake.metastore.read(tx ->
                tx.lineage().parent(tx.databases().get(new DatabaseName(name)).id()).isEmpty());
        assertThat(independent).isTrue();
      }
    }
  }

  @Test
  void aKilledCollectorLosesNothingAndTheNextOneEndsItsWork() throws Exception {
    try (TestLake lake = new TestLake(directory)) {
      lake.create(T, TableDefinition.of(TestLake.PEOPLE));
      for (long i = 0; i < FILES; i++) {
        lake.append(T, row(i, "row"));
      }
      TestLake a = clone(lake, "a");
      a.lake.materializer().run(a.space.database(), Optional.empty(), progress -> {});
      clone(lake, "b");
      lake.inTransaction(tx -> tx.drop(lake.find(tx, T)));
    }
    for (int i = 0; i < KILLS; i++) {
      runUntilKilled("collect", "");
      try (TestLake lake = new TestLake(directory)) {
        check(lake);
      }
    }
    try (TestLake lake = new TestLake(directory)) {
      for (String name : List.of("b", "a")) {
        lake.metastore.write(tx -> {
          tx.databases().drop(tx.databases().get(new DatabaseName(name)).id());
          return true;
        });
      }
      for (int i = 0; i < 3; i++) {
        lake.lake.collector().sweep(LifecycleCrashChild.AT_ONCE);
        lake.lake.collector().run(LifecycleCrashChild.AT_ONCE);
      }
      try (Stream<Path> files = Files.walk(directory.resolve("warehouse"))) {
        assertThat(files.filter(Files::isRegularFile).filter(file -> !isTemporary(file))).isEmpty();
      }
    }
  }

  private static boolean isTemporary(Path file) {
    return file.getFileName().toString().startsWith(".");
  }

  private static TestLake clone(TestLake lake, String name) {
    Database made =
        lake.metastore.write(tx ->
            lake.lake
                .clones()
                .create(
                    tx,
                    new CloneRequest(
                        new DatabaseName("db"),
                        new DatabaseName(name),
                        Optional.empty(),
                        Optional.empty(),
                        TenantId.DEFAULT)));
    return lake.in(new SpaceKey(made.id(), TenantId.DEFAULT));
  }

  private static void check(TestLake lake) {
    for (String name : List.of("a", "b")) {
      Database clone = lake.metastore.read(tx -> tx.databases().get(new DatabaseName(name)));
      assertThat(lake.in(new SpaceKey(clone.id(), TenantId.DEFAULT)).rows(T))
          .as(name)
          .hasSize((int) FILES);
    }
  }

  private void runUntilKilled(String... work) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LifecycleCrashChild.class.getName(),
                directory.toString()));
    command.addAll(List.of(work));
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (BufferedReader out = child.inputReader()) {
      String line = out.readLine();
      while (line != null && !line.equals("begun")) {
        line = out.readLine();
      }
      boolean ended = child.waitFor(50 + random.nextInt(500), TimeUnit.MILLISECONDS);
      if (!ended) {
        child.toHandle().destroyForcibly();
        child.waitFor();
      }
    }
  }
}
