package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.access.Grant;
import dev.polder.metastore.access.PolicyKind;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.catalog.Origin;
import dev.polder.metastore.catalog.VersionedCollection;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.metastore.commit.FileChange;
import dev.polder.metastore.commit.Usage;
import dev.polder.metastore.lineage.CutStore;
import dev.polder.metastore.lineage.Lineage;
import dev.polder.metastore.lineage.LineageKind;
import dev.polder.metastore.lineage.Moment;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseName;
import dev.polder.model.Privilege;
import dev.polder.model.RoleName;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.Securable;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CutTest extends Contract {
  @Test
  void aCloneHoldsTheStateOfTheCutUnderNewIds() {
    var orders = table(main(), "orders");
    commit(orders);
    var late = table(main(), "late");
    long seq = seq(commit(update(orders, "1")));
    commit(late);
    SpaceKey clone = cut(SPACE, seq, "clone");
    metastore.read(tx -> {
      var entry = tx.collections().get(clone, TableRef.of("main", "orders"));
      assertThat(entry.id()).isNotEqualTo(orders.id());
      assertThat(entry.metadataLocation()).isEqualTo(orders.location() + "/1.json");
      assertThat(entry.icebergUuid()).isNotEqualTo(orders.icebergUuid());
      assertThat(entry.location()).startsWith("file:/w/copy/");
      assertThat(tx.collections().find(clone, TableRef.of("main", "late"))).isEmpty();
      return tx.databases().get(clone.database()).commitSeq();
    });
  }

  @Test
  void whereACutsFirstFilesLieIsKnownAsFarBackAsTheyReach() {
    var orders = table(main(), "orders");
    SpaceKey clone = cut(SPACE, seq(commit(orders)), "clone");
    long seq = metastore.read(tx -> tx.databases().get(clone.database()).commitSeq());
    SpaceKey second = cut(clone, seq, "second");
    metastore.read(tx -> {
      var first = tx.collections().get(clone, TableRef.of("main", "orders"));
      var last = tx.collections().get(second, TableRef.of("main", "orders"));
      assertThat(tx.collections().originLocations(orders.id())).isEmpty();
      assertThat(tx.collections().originLocations(first.id())).containsExactly(orders.location());
      assertThat(tx.collections().originLocations(last.id()))
          .containsExactly(first.location(), orders.location());
      return true;
    });
  }

  @Test
  void theHistoryBeforeACloneIsItsSourcesUpToTheCut() {
    var orders = table(main(), "orders");
    long created = seq(commit(orders));
    clock.advance(Duration.ofSeconds(1));
    long cutAt = seq(commit(update(orders, "1")));
    long cutTime = micros();
    clock.advance(Duration.ofSeconds(1));
    commit(update(orders, "2"));
    clock.advance(Duration.ofSeconds(1));
    long between = micros();
    SpaceKey clone = cut(SPACE, cutAt, "clone");
    CollectionId own = id(clone, "orders");
    assertThat(found(clone, created).metadataLocation()).endsWith("/0.json");
    assertThat(found(clone, created).id()).isEqualTo(own);
    assertThat(foundAt(clone, cutTime).orElseThrow().metadataLocation()).endsWith("/1.json");
    assertThat(foundAt(clone, between).orElseThrow().metadataLocation())
        .describedAs("after the cut and before the clone: the state of the cut")
        .endsWith("/1.json");
    assertThat(foundAt(clone, micros()).orElseThrow().seq()).isEqualTo(cutAt + 1);
    assertThat(foundAt(clone, 0)).isEmpty();
  }

  @Test
  void namesAreFoundThroughSeveralCutsAndAsAWholeTheSame() {
    var orders = table(main(), "orders");
    long first = seq(commit(orders));
    SpaceKey clone = SPACE;
    for (int depth = 1; depth <= 3; depth++) {
      clone = cut(clone, newest(clone), "clone" + depth);
      commitIn(
          clone,
          new CollectionChange.Update(
              id(clone, "orders"), location(clone, "orders"), "file:/w/c" + depth + ".json"));
    }
    SpaceKey last = clone;
    assertThat(found(last, first).metadataLocation()).isEqualTo(orders.metadataLocation());
    assertThat(found(last, first).id()).isEqualTo(id(last, "orders"));
    CollectionId own = id(last, "orders");
    metastore.read(tx -> {
      Moment moment = tx.history().after(last, first).orElseThrow();
      assertThat(moment.path()).hasSize(4);
      assertThat(tx.history().collections(moment))
          .extracting(VersionedCollection::id)
          .containsExactly(own);
      assertThat(tx.history().schemas(moment)).hasSize(1);
      return assertThat(tx.lineage().ancestors(last.database())).hasSize(3);
    });
  }

  @Test
  void aTableDroppedBeforeTheCutIsFoundInTheClonesHistoryWithItsPolicies() {
    var gone = table(main(), "gone");
    long seq = seq(commit(gone));
    metastore.write(tx ->
        tx.policies()
            .create(
                PolicyKind.ROW_FILTER,
                "own",
                SPACE,
                gone.id(),
                OptionalInt.empty(),
                Optional.empty(),
                "x = 1",
                Optional.empty()));
    commit(new CollectionChange.Drop(gone.id()));
    SpaceKey clone = cut(SPACE, newest(SPACE), "clone");
    metastore.read(tx -> {
      VersionedCollection found =
          tx.history()
              .find(tx.history().after(clone, seq).orElseThrow(), SchemaName.MAIN, "gone")
              .orElseThrow();
      assertThat(found.id()).isNotEqualTo(gone.id());
      return assertThat(tx.policies().on(found.id())).hasSize(1);
    });
    assertThat(
            metastore.<Boolean>read(
                tx -> tx.collections().find(clone, TableRef.of("main", "gone")).isPresent()))
        .isFalse();
  }

  @Test
  void objectGrantsComeAlongAndThoseOnTheDatabaseDoNot() {
    var orders = table(main(), "orders");
    commit(orders);
    var role =
        metastore.write(tx -> {
          var made = tx.roles().create(Optional.empty(), new RoleName("r")).id();
          tx.grants().grant(made, Privilege.SELECT, new Securable.Space(SPACE), Optional.empty());
          tx.grants()
              .grant(
                  made,
                  Privilege.SELECT,
                  new Securable.Schema(SPACE, orders.schema()),
                  Optional.empty());
          tx.grants()
              .grant(
                  made,
                  Privilege.DELETE,
                  new Securable.Collection(SPACE, orders.schema(), orders.id()),
                  Optional.empty());
          return made;
        });
    SpaceKey clone = cut(SPACE, newest(SPACE), "clone");
    assertThat(
            metastore.read(tx -> tx.grants().ofRole(role)).stream()
                .map(Grant::securable)
                .filter(securable -> securable.space().equals(clone)))
        .containsExactlyInAnyOrder(
            new Securable.Schema(clone, mainOf(clone)),
            new Securable.Collection(clone, mainOf(clone), id(clone, "orders")));
  }

  @Test
  void filesOfTheSourceAreReportedAsSharedUntilTheyAreReleased() {
    var orders = table(main(), "orders");
    commitFiles(SPACE, orders, FileChange.added(orders.id(), "a", 10));
    long seq = newest(SPACE);
    commitFiles(SPACE, update(orders, "1"), FileChange.added(orders.id(), "b", 5));
    SpaceKey clone = cut(SPACE, seq, "clone");
    assertThat(usage(clone)).isEqualTo(new Usage(0, 0, 10, 1));
    CollectionId own = id(clone, "orders");
    commitFiles(
        clone,
        new CollectionChange.Update(own, location(clone, "orders"), "file:/w/c.json"),
        FileChange.added(own, "c", 3),
        FileChange.released(own, "a", 10));
    assertThat(usage(clone)).isEqualTo(new Usage(3, 1, 0, 0));
    assertThat(usage(SPACE)).isEqualTo(new Usage(15, 2, 0, 0));
  }

  private SpaceKey cut(SpaceKey from, long seq, String name) {
    return metastore.write(tx -> {
      Database source = tx.databases().get(from.database());
      Database made = tx.databases().create(new DatabaseName(name), DatabaseKind.LAKE, Map.of());
      tx.commits().continueFrom(made.id(), seq, source.committedAt());
      CommitOutcome.Committed commit =
          tx.commits().next(made.id(), Optional.empty(), from.tenant(), "CLONE");
      SpaceKey to = new SpaceKey(made.id(), from.tenant());
      tx.spaces().create(to, commit.seq(), new Origin(from.database(), seq));
      Moment moment = tx.history().after(from, seq).orElseThrow();
      tx.cuts()
          .copyCatalog(
              moment,
              to,
              commit,
              table -> {
                String uuid = tx.newId().toString();
                return new CutStore.Identity(uuid, "file:/w/copy/" + uuid);
              });
      tx.cuts().copyAccess(from, to, commit);
      tx.cuts().shareLedger(from, to, commit);
      tx.lineage()
          .link(
              new Lineage(
                  made.id(), from.database(), LineageKind.CLONE, seq, commit.seq(), tx.now()));
      return to;
    });
  }

  private static CollectionChange.Update update(CollectionChange.Create table, String version) {
    return new CollectionChange.Update(
        table.id(),
        table.location() + "/" + (Integer.parseInt(version) - 1) + ".json",
        table.location() + "/" + version + ".json");
  }

  private void commitIn(SpaceKey space, CollectionChange change) {
    commitFiles(space, change);
  }

  private void commitFiles(SpaceKey space, CollectionChange change, FileChange... files) {
    CommitRequest.Builder request = CommitRequest.builder(space, "test").change(change);
    List.of(files).forEach(request::file);
    assertThat(metastore.<CommitOutcome>write(tx -> tx.commits().commit(request.build())))
        .isInstanceOf(CommitOutcome.Committed.class);
  }

  private long newest(SpaceKey space) {
    return metastore.read(tx -> tx.databases().get(space.database()).commitSeq());
  }

  private CollectionId id(SpaceKey space, String name) {
    return metastore.read(tx -> tx.collections().get(space, TableRef.of("main", name)).id());
  }

  private String location(SpaceKey space, String name) {
    return metastore.read(
        tx -> tx.collections().get(space, TableRef.of("main", name)).metadataLocation());
  }

  private SchemaId mainOf(SpaceKey space) {
    return metastore.read(tx -> tx.schemas().get(space, SchemaName.MAIN).id());
  }

  private long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  private Usage usage(SpaceKey space) {
    return metastore.read(tx -> tx.storage().usage(space));
  }

  private VersionedCollection found(SpaceKey space, long seq) {
    return metastore.read(tx ->
        tx.history()
            .find(tx.history().after(space, seq).orElseThrow(), SchemaName.MAIN, "orders")
            .orElseThrow());
  }

  private Optional<VersionedCollection> foundAt(SpaceKey space, long micros) {
    return metastore.read(tx ->
        tx.history()
            .at(space, micros)
            .flatMap(moment -> tx.history().find(moment, SchemaName.MAIN, "orders")));
  }
}
