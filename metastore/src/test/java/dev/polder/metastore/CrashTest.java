package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.audit.AuditRecord;
import dev.polder.metastore.audit.AuditVerification;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.catalog.VersionedCollection;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitFile;
import dev.polder.metastore.commit.CommitInfo;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.metastore.commit.OutboxMessage;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a committing process again and again, and looks at what it left. */
class CrashTest {
  private static final int TABLES = 3;
  private static final int MAX_MILLIS = 150;

  @TempDir Path directory;
  private final Random random = new Random();
  private long acknowledged;
  private long checked;

  @Test
  void fiftyKillsOfSqliteLoseNothingAndLeaveNothingHalf() throws Exception {
    kill(Backend.SQLITE, 50);
  }

  @Test
  void killsOfAClientOfPostgresLoseNothingAndLeaveNothingHalf() throws Exception {
    kill(Backend.POSTGRES, 8);
  }

  private void kill(Backend backend, int times) throws Exception {
    String place = backend.place(directory);
    try (Metastore metastore = backend.open(place, Clock.systemUTC())) {
      createTables(metastore);
    }
    for (int i = 0; i < times; i++) {
      runUntilKilled(place);
      try (Metastore metastore = backend.open(place, Clock.systemUTC())) {
        metastore.read(this::check);
      }
    }
    assertThat(acknowledged).isGreaterThan(times);
  }

  private static void createTables(Metastore metastore) {
    SchemaId main = metastore.read(tx -> tx.schemas().get(CrashChild.SPACE, SchemaName.MAIN).id());
    CommitRequest.Builder request = CommitRequest.builder(CrashChild.SPACE, "create");
    for (int i = 0; i < TABLES; i++) {
      String id = "t" + i;
      request.change(
          new CollectionChange.Create(
              new CollectionId(id), main, CollectionKind.TABLE, id, id, id, id, Optional.empty()));
    }
    metastore.write(tx -> tx.commits().commit(request.build()));
  }

  /** The moment of the kill is counted from the first acknowledgement. */
  private void runUntilKilled(String place) throws IOException, InterruptedException {
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
                place)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = child.inputReader()) {
      String line = out.readLine();
      assertThat(line).as("the child committed something").isNotNull();
      boolean ended = child.waitFor(random.nextInt(MAX_MILLIS), TimeUnit.MILLISECONDS);
      assertThat(ended).as("the child ended by itself").isFalse();
      // The process's own method would close its output, which is still to be read.
      child.toHandle().destroyForcibly();
      child.waitFor();
      while (line != null && line.matches("[0-9]+")) {
        acknowledged = Math.max(acknowledged, Long.parseLong(line));
        line = out.readLine();
      }
    }
  }

  private boolean check(MetastoreTransaction tx) {
    long last = tx.databases().get(DatabaseId.DEFAULT).commitSeq();
    assertThat(last).as("acknowledged commits are there").isGreaterThanOrEqualTo(acknowledged);
    List<CommitInfo> log = tx.commits().log(DatabaseId.DEFAULT, Long.MAX_VALUE, 1_000_000);
    assertThat(log).hasSize((int) last);
    long from = Math.max(checked, 1);
    for (CommitInfo commit : log.reversed().subList((int) from, (int) last)) {
      assertThat(tx.collections().collectionsAsOf(CrashChild.SPACE, commit.seq()))
          .hasSize(TABLES)
          .extracting(VersionedCollection::metadataLocation)
          .containsOnly(commit.operation());
      assertThat(tx.storage().files(DatabaseId.DEFAULT, commit.seq(), commit.seq()))
          .hasSize(TABLES)
          .extracting(CommitFile::change)
          .allMatch(file -> file.path().equals(commit.operation()));
    }
    checked = last;
    List<String> marks = log.reversed().stream().skip(1).map(CommitInfo::operation).toList();
    assertThat(tx.outbox().after(0, 1_000_000))
        .extracting((OutboxMessage message) -> message.event().payload())
        .isEqualTo(marks);
    assertThat(tx.audit().after(Optional.of(DatabaseId.DEFAULT), 0, 1_000_000))
        .extracting((AuditRecord each) -> each.object().orElseThrow())
        .isEqualTo(marks);
    AuditVerification verification = new AuditVerification(Optional.of(DatabaseId.DEFAULT));
    while (verification.next(tx.audit(), 1_000)) {
      assertThat(verification.firstBroken()).isEmpty();
    }
    assertThat(verification.firstBroken()).isEmpty();
    assertThat(tx.storage().usage(CrashChild.SPACE).files()).isEqualTo((last - 1) * TABLES);
    return true;
  }
}
