package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.catalog.VersionedCollection;
import dev.polder.metastore.catalog.VersionedSchema;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitFile;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.metastore.commit.FileChange;
import dev.polder.metastore.commit.OutboxEvent;
import dev.polder.metastore.commit.SchemaChange;
import dev.polder.metastore.commit.Usage;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.TableRef;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CommitTest extends Contract {
  @Test
  void aCommitWritesEverythingItNames() {
    var a = table(main(), "a");
    CommitRequest request =
        CommitRequest.builder(SPACE, "CREATE main.a")
            .change(a)
            .file(FileChange.added(a.id(), "f1", 10))
            .file(FileChange.added(a.id(), "f2", 20))
            .event(new OutboxEvent("commits", Optional.of(DatabaseId.DEFAULT), "{}"))
            .audit(audit("CREATE"))
            .build();
    assertThat(seq(metastore.write(tx -> tx.commits().commit(request)))).isEqualTo(1);
    metastore.read(tx -> {
      CollectionEntry entry = tx.collections().get(SPACE, TableRef.of("MAIN", "A"));
      assertThat(entry.id()).isEqualTo(a.id());
      assertThat(entry.ref()).hasToString("main.a");
      assertThat(entry.versionSeq()).isEqualTo(1);
      assertThat(tx.storage().usage(SPACE)).isEqualTo(new Usage(30, 2));
      assertThat(tx.storage().files(DatabaseId.DEFAULT, 1, 1))
          .extracting(CommitFile::change)
          .extracting(FileChange::path)
          .containsExactly("f1", "f2");
      assertThat(tx.outbox().unpublished(10)).hasSize(1);
      assertThat(tx.audit().head(Optional.of(DatabaseId.DEFAULT)).seq()).isEqualTo(1);
      return tx.commits().find(DatabaseId.DEFAULT, 1).orElseThrow();
    });
  }

  @Test
  void aConflictOnOneTableChangesNothingOfTheOthers() {
    var a = table(main(), "a");
    var b = table(main(), "b");
    commit(a, b);
    CommitOutcome outcome =
        commit(
            new CollectionChange.Update(a.id(), a.metadataLocation(), "a1"),
            new CollectionChange.Update(b.id(), "stale", "b1"));
    assertThat(outcome)
        .isEqualTo(new CommitOutcome.Conflict(b.id(), Optional.of(b.metadataLocation())));
    metastore.read(tx -> {
      assertThat(tx.collections().find(a.id()).orElseThrow().metadataLocation())
          .isEqualTo(a.metadataLocation());
      return assertThat(tx.databases().get(DatabaseId.DEFAULT).commitSeq()).isEqualTo(1);
    });
  }

  @Test
  void aRequiredVersionConflictsWithoutBeingChanged() {
    var a = table(main(), "a");
    commit(a);
    assertThat(commit(new CollectionChange.Require(a.id(), "stale")))
        .isInstanceOf(CommitOutcome.Conflict.class);
    assertThat(seq(commit(new CollectionChange.Require(a.id(), a.metadataLocation()))))
        .isEqualTo(2);
    assertThat(
            metastore.read((MetastoreTransaction tx) -> tx.collections().history(a.id(), 99, 10)))
        .hasSize(1);
  }

  @Test
  void timesRiseThoughTheClockStandsStillOrGoesBack() {
    long last = 0;
    for (int i = 0; i < 3; i++) {
      clock.advance(Duration.ofSeconds(-i));
      var committed = (CommitOutcome.Committed) commit(table(main(), "t" + i));
      assertThat(committed.committedAt()).isGreaterThan(last);
      last = committed.committedAt();
    }
  }

  @Test
  void aTimeFindsTheLastCommitAtOrBeforeIt() {
    clock.advance(Duration.ofSeconds(1));
    var first = (CommitOutcome.Committed) commit(table(main(), "a"));
    clock.advance(Duration.ofSeconds(1));
    var second = (CommitOutcome.Committed) commit(table(main(), "b"));
    assertThat(seqAt(first.committedAt() - 1)).isEqualTo(OptionalLong.of(0));
    assertThat(seqAt(first.committedAt())).isEqualTo(OptionalLong.of(1));
    assertThat(seqAt(second.committedAt() - 1)).isEqualTo(OptionalLong.of(1));
    assertThat(seqAt(Long.MAX_VALUE)).isEqualTo(OptionalLong.of(2));
    assertThat(seqAt(0)).isEmpty();
  }

  private OptionalLong seqAt(long micros) {
    return metastore.read(tx -> tx.commits().seqAt(DatabaseId.DEFAULT, micros));
  }

  @Test
  void thePastKeepsItsNames() {
    var a = table(main(), "x");
    var b = table(main(), "y");
    commit(a, b);
    commit(rename(a, "y"), rename(b, "x"));
    commit(new CollectionChange.Drop(a.id()));
    var c = table(main(), "Y");
    commit(c);
    assertThat(asOf("x", 1)).contains(a.id().value());
    assertThat(asOf("y", 1)).contains(b.id().value());
    assertThat(asOf("x", 2)).contains(b.id().value());
    assertThat(asOf("y", 2)).contains(a.id().value());
    assertThat(asOf("y", 3)).isEmpty();
    assertThat(asOf("y", 4)).contains(c.id().value());
    assertThat(asOf("x", 4)).contains(b.id().value());
    assertThat(asOf("x", 0)).isEmpty();
    assertThat(
            metastore.read((MetastoreTransaction tx) -> tx.collections().collectionsAsOf(SPACE, 3)))
        .extracting(VersionedCollection::id)
        .containsExactly(b.id());
    assertThat(
            metastore.read((MetastoreTransaction tx) -> tx.collections().collectionAsOf(a.id(), 3)))
        .isEmpty();
    assertThat(
            metastore.read((MetastoreTransaction tx) -> tx.collections().collectionAsOf(a.id(), 2)))
        .map(version -> version.ref().name())
        .contains("y");
  }

  @Test
  void aNameCanChangeHandsInOneCommit() {
    var a = table(main(), "x");
    commit(a);
    var b = table(main(), "x");
    commit(new CollectionChange.Drop(a.id()), b);
    assertThat(asOf("x", 1)).contains(a.id().value());
    assertThat(asOf("x", 2)).contains(b.id().value());
  }

  private static CollectionChange rename(CollectionChange.Create created, String name) {
    return new CollectionChange.Rename(created.id(), created.schema(), name);
  }

  private Optional<String> asOf(String name, long seq) {
    return metastore
        .read(tx -> tx.collections().collectionAsOf(SPACE, SchemaName.MAIN, name, seq))
        .map(version -> version.id().value());
  }

  @Test
  void takenNamesAreRefusedAndNothingChanges() {
    commit(table(main(), "a"));
    assertCode(ErrorCode.COLLECTION_EXISTS, () -> commit(table(main(), "b"), table(main(), "A")));
    var c = table(main(), "c");
    commit(c);
    assertCode(ErrorCode.COLLECTION_EXISTS, () -> commit(rename(c, "a")));
    assertThat(
            metastore
                .read((MetastoreTransaction tx) ->
                    tx.collections().list(main(tx), Optional.empty(), 10))
                .items())
        .extracting(entry -> entry.ref().name())
        .containsExactly("a", "c");
  }

  private static SchemaId main(MetastoreTransaction tx) {
    return tx.schemas().get(SPACE, SchemaName.MAIN).id();
  }

  @Test
  void schemasChangeByCommitsAndKeepTheirPast() {
    SchemaId id = new SchemaId("s1");
    var a = table(id, "a");
    commit(new SchemaChange.Create(id, new SchemaName("Sales"), Map.of("k", "v")), a);
    assertCode(
        ErrorCode.SCHEMA_EXISTS,
        () ->
            commit(new SchemaChange.Create(new SchemaId("s2"), new SchemaName("SALES"), Map.of())));
    commit(new SchemaChange.Rename(id, new SchemaName("old")));
    assertCode(ErrorCode.SCHEMA_NOT_EMPTY, () -> commit(new SchemaChange.Drop(id)));
    commit(new SchemaChange.Drop(id), new CollectionChange.Drop(a.id()));
    assertThat(asOf(new SchemaName("sales"), 1)).isTrue();
    assertThat(asOf(new SchemaName("sales"), 2)).isFalse();
    assertThat(asOf(new SchemaName("old"), 2)).isTrue();
    assertThat(asOf(new SchemaName("old"), 3)).isFalse();
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.schemas().schemasAsOf(SPACE, 2)))
        .extracting(VersionedSchema::name)
        .containsExactly(SchemaName.MAIN, new SchemaName("old"));
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.schemas().schemasAsOf(SPACE, 3)))
        .hasSize(1);
  }

  private boolean asOf(SchemaName schema, long seq) {
    return metastore
        .read(tx -> tx.collections().collectionAsOf(SPACE, schema, "a", seq))
        .isPresent();
  }

  private void commit(SchemaChange schema, CollectionChange... changes) {
    CommitRequest.Builder request = CommitRequest.builder(SPACE, "test").change(schema);
    for (CollectionChange change : changes) {
      request.change(change);
    }
    metastore.write(tx -> tx.commits().commit(request.build()));
  }

  @Test
  void aRemovedFileAndADroppedTableFreeTheirStorage() {
    var a = table(main(), "a");
    var b = table(main(), "b");
    commit(a, b);
    files(FileChange.added(a.id(), "a1", 100), FileChange.added(b.id(), "b1", 7));
    files(FileChange.removed(a.id(), "a1", 100), FileChange.added(a.id(), "a2", 60));
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.storage().usage(SPACE, a.id())))
        .isEqualTo(new Usage(60, 1));
    commit(new CollectionChange.Drop(a.id()));
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.storage().usage(DatabaseId.DEFAULT)))
        .isEqualTo(new Usage(7, 1));
  }

  private void files(FileChange... files) {
    CommitRequest.Builder request = CommitRequest.builder(SPACE, "files");
    for (FileChange file : files) {
      request.file(file);
    }
    metastore.write(tx -> tx.commits().commit(request.build()));
  }

  private static AuditEvent audit(String object) {
    return new AuditEvent(
        Optional.of(DatabaseId.DEFAULT),
        Optional.empty(),
        Optional.empty(),
        EventType.TABLE_CREATED,
        Optional.of(object),
        AuditOutcome.SUCCESS,
        "{}");
  }
}
