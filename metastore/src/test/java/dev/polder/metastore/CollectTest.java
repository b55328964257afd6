package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.catalog.Origin;
import dev.polder.metastore.collect.Candidate;
import dev.polder.metastore.collect.CollectedFile;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.metastore.commit.FileChange;
import dev.polder.metastore.lineage.CutStore;
import dev.polder.metastore.lineage.Moment;
import dev.polder.metastore.lineage.RewriteStore;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CollectTest extends Contract {
  private static final Duration HOUR = Duration.ofHours(1);

  private CollectionChange.Create table;

  /** A table whose file {@code f} a second commit removed. */
  private long withRemovedFile() {
    table = table(main(), "t");
    commitFiles(SPACE, table, FileChange.added(table.id(), "f", 10));
    clock.advance(HOUR);
    return commitFiles(
        SPACE,
        new CollectionChange.Update(table.id(), table.metadataLocation(), "1"),
        FileChange.removed(table.id(), "f", 10));
  }

  private long commitFiles(SpaceKey space, CollectionChange change, FileChange... files) {
    CommitRequest.Builder request = CommitRequest.builder(space, "test").change(change);
    for (FileChange file : files) {
      request.file(file);
    }
    return seq(metastore.write(tx -> tx.commits().commit(request.build())));
  }

  private long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  /** Ends all history that can end now. */
  private int forget(DatabaseId database) {
    clock.advance(Duration.ofMillis(1));
    metastore.write(tx -> tx.collect().forgetBefore(database, micros()));
    int gone = 0;
    for (int more = 1; more > 0; gone += more) {
      more = metastore.write(tx -> tx.collect().forget(database, 1));
    }
    return gone;
  }

  private List<String> unreachable(DatabaseId database) {
    return metastore.read(tx ->
        tx.collect().candidates(database, "", 100).stream()
            .map(Candidate::path)
            .filter(path -> !tx.collect().holders().holds(path))
            .toList());
  }

  private SpaceKey cut(long seq, String name) {
    return metastore.write(tx -> {
      Database source = tx.databases().get(SPACE.database());
      Database made = tx.databases().create(new DatabaseName(name), DatabaseKind.LAKE, Map.of());
      tx.commits().continueFrom(made.id(), seq, source.committedAt());
      CommitOutcome.Committed commit =
          tx.commits().next(made.id(), Optional.empty(), SPACE.tenant(), "CLONE");
      SpaceKey to = new SpaceKey(made.id(), SPACE.tenant());
      tx.spaces().create(to, commit.seq(), new Origin(SPACE.database(), seq));
      Moment moment = tx.history().after(SPACE, seq).orElseThrow();
      tx.cuts()
          .copyCatalog(
              moment,
              to,
              commit,
              it -> new CutStore.Identity(tx.newId().toString(), "copy/" + tx.newId()));
      tx.cuts().shareLedger(SPACE, to, commit);
      return to;
    });
  }

  @Test
  void aRemovedFileIsHeldByTheStatesThatCanBeAskedFor() {
    long removed = withRemovedFile();
    assertThat(unreachable(SPACE.database())).isEmpty();
    metastore.write(tx -> tx.collect().forgetBefore(SPACE.database(), micros() - 1));
    assertThat(unreachable(SPACE.database())).isEmpty();
    assertThat(forget(SPACE.database())).isOne();
    assertThat(unreachable(SPACE.database())).containsExactly("f");
    assertCode(
        ErrorCode.VERSION_NOT_FOUND,
        () -> metastore.read(tx -> tx.history().after(SPACE, removed - 1)));
    assertThat(metastore.<Boolean>read(tx -> tx.history().after(SPACE, removed).isPresent()))
        .isTrue();
  }

  @Test
  void aLeaseKeepsAState() {
    long removed = withRemovedFile();
    var lease =
        metastore.write(
            tx -> tx.storage().acquireLease("backup", SPACE.database(), removed - 1, tx.now() * 2));
    forget(SPACE.database());
    assertThat(unreachable(SPACE.database())).isEmpty();
    metastore.write(tx -> {
      tx.storage().releaseLease(lease.id());
      return true;
    });
    forget(SPACE.database());
    assertThat(unreachable(SPACE.database())).containsExactly("f");
  }

  @Test
  void aCutHoldsWhatItBeganWithUntilItLetsGo() {
    long removed = withRemovedFile();
    SpaceKey clone = cut(removed - 1, "clone");
    forget(SPACE.database());
    forget(clone.database());
    assertThat(unreachable(SPACE.database())).isEmpty();
    var own = metastore.read(tx -> tx.collections().get(clone, TableRef.of("main", "t")));
    clock.advance(HOUR);
    commitFiles(
        clone,
        new CollectionChange.Update(own.id(), own.metadataLocation(), "copy"),
        FileChange.released(own.id(), "f", 10));
    assertThat(unreachable(SPACE.database())).isEmpty();
    forget(clone.database());
    assertThat(unreachable(SPACE.database())).containsExactly("f");
  }

  @Test
  void aPurgedDatabaseHoldsNothingAndCannotBeHadBack() {
    long removed = withRemovedFile();
    SpaceKey clone = cut(removed - 1, "clone");
    forget(SPACE.database());
    metastore.write(tx -> {
      tx.databases().drop(clone.database());
      return true;
    });
    assertThat(unreachable(SPACE.database())).isEmpty();
    var lease =
        metastore.write(
            tx -> tx.storage().acquireLease("backup", clone.database(), removed, tx.now() * 2));
    List<DatabaseId> leased = metastore.read(tx -> tx.collect().droppedBefore(micros()));
    assertThat(leased).isEmpty();
    metastore.write(tx -> {
      tx.storage().releaseLease(lease.id());
      return true;
    });
    List<DatabaseId> due = metastore.read(tx -> tx.collect().droppedBefore(micros()));
    assertThat(due).containsExactly(clone.database());
    metastore.write(tx -> {
      tx.collect().purge(clone.database());
      return true;
    });
    assertThat(unreachable(SPACE.database())).containsExactly("f");
    assertCode(
        ErrorCode.DATABASE_NOT_FOUND,
        () ->
            metastore.write(tx -> {
              tx.databases().undrop(clone.database());
              return true;
            }));
  }

  @Test
  void aReplacedFileHasTheHistoryOfTheOldOne() {
    long removed = withRemovedFile();
    SpaceKey clone = cut(removed - 1, "clone");
    CollectionId own =
        metastore.read(tx -> tx.collections().get(clone, TableRef.of("main", "t"))).id();
    List<CollectionId> sharing = metastore.read(tx -> tx.rewrites().sharing(clone.database()));
    assertThat(sharing).containsExactly(own);
    List<RewriteStore.Version> versions = metastore.read(tx -> tx.rewrites().versions(own));
    Map<String, RewriteStore.Replacement> by =
        Map.of(
            "f",
            new RewriteStore.Replacement("copy-of-f", 10),
            table.metadataLocation(),
            new RewriteStore.Replacement("copy/0.json", 5));
    assertThat(replace(clone, own, List.of(), by)).isFalse();
    assertThat(replace(clone, own, versions, by)).isTrue();
    List<CollectionId> still = metastore.read(tx -> tx.rewrites().sharing(clone.database()));
    assertThat(still).isEmpty();
    assertThat(metastore.read(tx -> tx.collections().find(own)).orElseThrow().metadataLocation())
        .isEqualTo("copy/0.json");
    var usage = metastore.read(tx -> tx.storage().usage(clone));
    assertThat(usage.bytes()).isEqualTo(15);
    assertThat(usage.sharedBytes()).isZero();
    metastore.write(tx -> {
      tx.rewrites().endOrigins(clone.database());
      return true;
    });
    forget(SPACE.database());
    assertThat(unreachable(SPACE.database())).isEmpty();
    clock.advance(HOUR);
    forget(clone.database());
    assertThat(unreachable(SPACE.database())).containsExactly("f");
  }

  private boolean replace(
      SpaceKey space,
      CollectionId id,
      List<RewriteStore.Version> versions,
      Map<String, RewriteStore.Replacement> by) {
    return metastore.write(tx -> tx.rewrites().replace(space, id, "MATERIALIZE", versions, by));
  }

  @Test
  void aCondemnedFileThatIsNamedAgainIsPardonedAndACollectedOneRefused() {
    withRemovedFile();
    forget(SPACE.database());
    metastore.write(tx -> {
      tx.collect().condemn(SPACE.database(), tx.collect().candidates(SPACE.database(), "", 10));
      return true;
    });
    assertThat(metastore.<Boolean>read(tx -> tx.collect().knows("f"))).isTrue();
    commitFiles(
        SPACE,
        new CollectionChange.Update(table.id(), "1", "2"),
        FileChange.added(table.id(), "f", 10));
    List<CollectedFile> none = metastore.write(tx -> tx.collect().collect(Long.MAX_VALUE, 10));
    assertThat(none).isEmpty();
    metastore.write(tx -> {
      tx.storage().condemn(SPACE.database(), table.id(), List.of("g"));
      return true;
    });
    List<CollectedFile> files = metastore.write(tx -> tx.collect().collect(Long.MAX_VALUE, 10));
    assertThat(files).extracting(CollectedFile::path).containsExactly("g");
    assertCode(
        ErrorCode.DATA_FILE_MISSING,
        () ->
            commitFiles(
                SPACE,
                new CollectionChange.Update(table.id(), "2", "3"),
                FileChange.added(table.id(), "g", 10)));
    metastore.write(tx -> {
      tx.collect().deleted(List.of("g"));
      return true;
    });
    List<CollectedFile> journal = metastore.read(tx -> tx.collect().journal("", 10));
    assertThat(journal.getFirst().deletedAt()).isEqualTo(OptionalLong.of(micros()));
    List<CollectedFile> pending = metastore.read(tx -> tx.collect().pending(10));
    assertThat(pending).isEmpty();
    clock.advance(HOUR);
    assertThat(metastore.<Integer>write(tx -> tx.collect().trimJournal(micros()))).isOne();
  }

  @Test
  void theOldestWorkOfLivingServersCounts() {
    metastore.write(tx -> {
      tx.servers().beat("a", 5, tx.now() + 1_000_000);
      tx.servers().beat("b", 7, tx.now() + 9_000_000_000L);
      return true;
    });
    assertThat(metastore.<Long>read(tx -> tx.servers().oldest())).isEqualTo(5);
    clock.advance(HOUR);
    assertThat(metastore.<Long>read(tx -> tx.servers().oldest())).isEqualTo(7);
    metastore.write(tx -> {
      tx.servers().leave("b");
      return true;
    });
    assertThat(metastore.<Long>read(tx -> tx.servers().oldest())).isEqualTo(micros());
  }

  @Test
  void aDatabasePastItsTimeIsFoundUntilItIsDropped() {
    DatabaseId id =
        metastore.write(tx -> {
          Database made =
              tx.databases().create(new DatabaseName("brief"), DatabaseKind.LAKE, Map.of());
          tx.databases().setExpiry(made.id(), tx.now() + 1_000_000);
          return made.id();
        });
    assertThat(expired()).isEmpty();
    clock.advance(HOUR);
    assertThat(expired()).containsExactly(id);
    metastore.write(tx -> {
      tx.databases().drop(id);
      return true;
    });
    assertThat(expired()).isEmpty();
    metastore.write(tx -> {
      tx.databases().undrop(id);
      return true;
    });
    assertThat(expired()).as("had back, it does not expire at once again").isEmpty();
  }

  private List<DatabaseId> expired() {
    return metastore.read(tx -> tx.databases().expired().stream().map(Database::id).toList());
  }

  @Test
  void aPurgedTableHoldsNoFileButWhatACutOrItsPastNeeds() {
    table = table(main(), "t");
    commitFiles(SPACE, table, FileChange.added(table.id(), "a", 10));
    long cut =
        commitFiles(
            SPACE,
            update(table, table.metadataLocation(), "1"),
            FileChange.removed(table.id(), "a", 10),
            FileChange.added(table.id(), "b", 10));
    cut(cut, "copy");
    commitFiles(
        SPACE,
        update(table, table.location() + "/1.json", "2"),
        FileChange.added(table.id(), "c", 10));
    commit(new CollectionChange.Drop(table.id()));
    assertThat(metastore.<Optional<String>>write(tx -> tx.purges().purge(table.id()))).isEmpty();
    assertThat(metastore.<Optional<String>>write(tx -> tx.purges().purge(table.id()))).isEmpty();
    assertThat(unreachable(SPACE.database())).containsExactly("c");
    assertThat(metastore.<Long>read(tx -> tx.purges().progress(table.id()).kept())).isEqualTo(3);
    assertThat(
            metastore.<Boolean>read(tx ->
                tx.collections().collectionAsOf(table.id(), cut).isPresent()
                    && tx.collections().collectionAsOf(table.id(), cut + 1).isEmpty()))
        .isTrue();
    assertThat(
            metastore.<Boolean>read(
                tx -> tx.collections().isPurged(SPACE, table.location() + "/2.json")))
        .isTrue();
  }
}
