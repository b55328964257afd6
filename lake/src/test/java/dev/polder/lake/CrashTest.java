package dev.polder.lake;

import static dev.polder.lake.TestLake.T;
import static dev.polder.lake.TestLake.U;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.plan.PlannedFile;
import dev.polder.model.TableRef;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a committing process again and again, and looks at what it left. */
class CrashTest {
  private static final int ROUNDS = 12;
  private static final int MAX_MILLIS = 400;

  @TempDir Path directory;
  private final Random random = new Random();
  private final List<Object> one = new ArrayList<>();
  private final List<Object> both = new ArrayList<>();

  @Test
  void killsLoseNoAcknowledgedCommitAndLeaveNoHalfOne() throws Exception {
    try (TestLake lake = new TestLake(directory)) {
      lake.create(T, TableDefinition.of(TestLake.PEOPLE));
      lake.create(U, TableDefinition.of(TestLake.PEOPLE));
    }
    for (int i = 0; i < ROUNDS; i++) {
      runUntilKilled();
      try (TestLake lake = new TestLake(directory)) {
        check(lake);
      }
    }
    assertThat(both).hasSizeGreaterThan(1);
    assertThat(one).hasSizeGreaterThan(ROUNDS);
  }

  /** The moment of the kill is counted from the first acknowledgement. */
  private void runUntilKilled() throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CrashChild.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = child.inputReader()) {
      String line = out.readLine();
      while (line != null && !line.matches("(one|both) -?[0-9]+")) {
        line = out.readLine();
      }
      assertThat(line).as("the child committed something").isNotNull();
      boolean ended = child.waitFor(random.nextInt(MAX_MILLIS), TimeUnit.MILLISECONDS);
      assertThat(ended).as("the child ended by itself").isFalse();
      // The process's own method would close its output, which is still to be read.
      child.toHandle().destroyForcibly();
      child.waitFor();
      while (line != null && line.matches("(one|both) -?[0-9]+")) {
        note(line.split(" "));
        line = out.readLine();
      }
    }
  }

  private void note(String[] acknowledged) {
    boolean first = acknowledged[0].equals(CrashChild.ONE);
    (first ? one : both).add(Long.parseLong(acknowledged[1]));
  }

  private void check(TestLake lake) {
    List<Object> inT = ids(lake, T, CrashChild.BOTH);
    List<Object> inU = ids(lake, U, CrashChild.BOTH);
    assertThat(inT).as("no half commit").containsExactlyInAnyOrderElementsOf(inU);
    assertThat(inT).containsAll(both).doesNotHaveDuplicates();
    assertThat(ids(lake, T, CrashChild.ONE)).containsAll(one).doesNotHaveDuplicates();
    for (TableRef ref : List.of(T, U)) {
      for (PlannedFile file :
          lake.lake.plan(lake.lake.load(lake.find(ref)), LakeFilter.ALL).files()) {
        assertThat(Path.of(file.path())).hasSize(file.fileSize());
      }
    }
  }

  private static List<Object> ids(TestLake lake, TableRef ref, String kind) {
    return lake.rows(ref).stream()
        .filter(row -> row.get(1).equals(kind))
        .map(List::getFirst)
        .toList();
  }
}
