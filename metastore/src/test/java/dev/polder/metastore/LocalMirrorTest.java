package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.access.Grant;
import dev.polder.metastore.access.PolicyKind;
import dev.polder.metastore.audit.AuditRecord;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.catalog.VersionedCollection;
import dev.polder.metastore.collect.Candidate;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitInfo;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.metastore.commit.FileChange;
import dev.polder.metastore.commit.SchemaChange;
import dev.polder.metastore.lineage.LineageKind;
import dev.polder.metastore.lineage.RewriteStore;
import dev.polder.metastore.mirror.Mirror;
import dev.polder.metastore.mirror.MirrorHealth;
import dev.polder.metastore.mirror.MirrorMode;
import dev.polder.metastore.mirror.MirrorState;
import dev.polder.metastore.mirror.TimeoutAction;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.Privilege;
import dev.polder.model.RoleId;
import dev.polder.model.RoleName;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.Securable;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LocalMirrorTest extends Contract {
  private static final SchemaId SHOP = new SchemaId("0a");

  @Test
  void aMirrorHoldsItsSourcesStateCommitByCommitUnderTheSameNumbers() {
    var orders = table(main(), "orders");
    commit(orders);
    SpaceKey mirror = mirror(MirrorMode.ASYNC);
    assertThat(entry(mirror, "main", "orders").id()).isNotEqualTo(orders.id());
    clock.advance(Duration.ofSeconds(1));
    var items = table(SHOP, "items");
    metastore.write(tx ->
        tx.commits()
            .commit(
                CommitRequest.builder(SPACE, "make")
                    .change(new SchemaChange.Create(SHOP, new SchemaName("shop"), Map.of()))
                    .change(items)
                    .build()));
    commit(update(orders, orders.metadataLocation(), "1"));
    commit(new CollectionChange.Rename(items.id(), main(), "goods"));
    commit(new CollectionChange.Drop(orders.id()));
    assertThat(state(mirror).lagMicros(clock.instant().toEpochMilli() * 1000)).isZero();
    assertThat(follow(mirror, 2)).isEqualTo(2);
    assertThat(entry(mirror, "shop", "items").versionSeq()).isEqualTo(2);
    assertThat(entry(mirror, "main", "orders").metadataLocation()).endsWith("/1.json");
    assertThat(state(mirror).lastApplied()).isEqualTo(3);
    assertThat(follow(mirror, 9)).isEqualTo(2);
    assertThat(follow(mirror, 9)).isZero();
    assertThat(entry(mirror, "main", "goods").metadataLocation())
        .isEqualTo(items.metadataLocation());
    metastore.read(tx -> {
      assertThat(tx.collections().find(mirror, TableRef.of("main", "orders"))).isEmpty();
      return assertThat(tx.databases().get(mirror.database()).commitSeq()).isEqualTo(5);
    });
  }

  @Test
  void theHistoryOfAMirrorIsItsSourcesUnderTheMirrorsIds() {
    var orders = table(main(), "orders");
    commit(orders);
    SpaceKey mirror = mirror(MirrorMode.ASYNC);
    CollectionId own = entry(mirror, "main", "orders").id();
    commit(update(orders, orders.metadataLocation(), "1"));
    commit(update(orders, orders.location() + "/1.json", "2"));
    follow(mirror, 9);
    assertThat(then(mirror, 2)).extracting(VersionedCollection::id).containsExactly(own);
    assertThat(then(mirror, 2))
        .extracting(VersionedCollection::metadataLocation)
        .containsExactly(orders.location() + "/1.json");
    assertThat(then(mirror, 3)).hasSize(1);
  }

  @Test
  void nothingButItsSourceChangesAMirror() {
    commit(table(main(), "orders"));
    SpaceKey mirror = mirror(MirrorMode.ASYNC);
    CollectionEntry orders = entry(mirror, "main", "orders");
    for (CollectionChange change :
        List.of(
            new CollectionChange.Drop(orders.id()),
            new CollectionChange.Update(orders.id(), orders.metadataLocation(), "x"))) {
      assertCode(
          ErrorCode.MIRROR_READ_ONLY,
          () ->
              metastore.write(tx ->
                  tx.commits().commit(CommitRequest.builder(mirror, "w").change(change).build())));
    }
    assertCode(
        ErrorCode.MIRROR_READ_ONLY,
        () ->
            metastore.write(tx ->
                tx.policies()
                    .create(
                        PolicyKind.ROW_FILTER,
                        "p",
                        mirror,
                        orders.id(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        "true",
                        Optional.empty())));
    assertCode(
        ErrorCode.MIRROR_READ_ONLY,
        () ->
            metastore.write(tx ->
                tx.grants()
                    .grant(
                        tx.roles().create(Optional.empty(), new RoleName("r")).id(),
                        Privilege.SELECT,
                        new Securable.Schema(mirror, orders.schema()),
                        Optional.empty())));
  }

  @Test
  void filesOfAMirrorAreHeldUntilItNamesThemNoMore() {
    var table = table(main(), "t");
    commitFiles(table, FileChange.added(table.id(), "a", 10));
    SpaceKey mirror = mirror(MirrorMode.ASYNC);
    commitFiles(
        update(table, table.metadataLocation(), "1"),
        FileChange.removed(table.id(), "a", 10),
        FileChange.added(table.id(), "b", 20));
    forget();
    assertThat(unreachable()).describedAs("the mirror has not got so far").isEmpty();
    follow(mirror, 9);
    assertThat(unreachable()).containsExactly("a");
    assertThat(metastore.read(tx -> tx.storage().usage(mirror)).sharedBytes()).isEqualTo(20);
    commitFiles(new CollectionChange.Drop(table.id()), FileChange.removed(table.id(), "b", 20));
    forget();
    assertThat(unreachable()).containsExactly("a");
    follow(mirror, 9);
    assertThat(unreachable()).containsExactly("a", "b");
  }

  @Test
  void filesThatAMirrorWasPromotedWithOutliveItsSource() {
    var table = table(main(), "t");
    commitFiles(table, FileChange.added(table.id(), "a", 10));
    SpaceKey mirror = mirror(MirrorMode.ASYNC);
    promote(mirror);
    CollectionEntry own = entry(mirror, "main", "t");
    commitFiles(new CollectionChange.Drop(table.id()), FileChange.removed(table.id(), "a", 10));
    forget();
    assertThat(unreachable()).isEmpty();
    metastore.write(tx ->
        tx.commits()
            .commit(
                CommitRequest.builder(mirror, "rewrite")
                    .change(new CollectionChange.Update(own.id(), own.metadataLocation(), "n"))
                    .file(FileChange.released(own.id(), "a", 10))
                    .build()));
    assertThat(unreachable()).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    metastore.write(tx -> tx.collect().forgetBefore(mirror.database(), tx.now()));
    assertThat(unreachable()).containsExactly("a");
  }

  @Test
  void aSourceThatRewritesItsFilesIsFollowedToTheNewOnes() {
    var table = table(main(), "t");
    commitFiles(table, FileChange.added(table.id(), table.metadataLocation(), 1));
    SpaceKey mirror = mirror(MirrorMode.ASYNC);
    metastore.write(tx ->
        tx.rewrites()
            .replace(
                SPACE,
                table.id(),
                "MATERIALIZE",
                tx.rewrites().versions(table.id()),
                Map.of(table.metadataLocation(), new RewriteStore.Replacement("own", 1))));
    forget();
    assertThat(unreachable()).isEmpty();
    follow(mirror, 9);
    assertThat(entry(mirror, "main", "t").metadataLocation()).isEqualTo("own");
    assertThat(unreachable()).containsExactly(table.metadataLocation());
  }

  @Test
  void commitsThatTheSourceKeepsNoMoreAreMadeUpForByItsNewestState() {
    var orders = table(main(), "orders");
    commit(orders);
    SpaceKey mirror = mirror(MirrorMode.ASYNC);
    commit(update(orders, orders.metadataLocation(), "1"));
    commit(update(orders, orders.location() + "/1.json", "2"));
    commit(table(main(), "more"));
    forget();
    assertThat(follow(mirror, 1)).isOne();
    assertThat(state(mirror).lastApplied()).isEqualTo(4);
    assertThat(entry(mirror, "main", "orders").metadataLocation()).endsWith("/2.json");
    assertThat(entry(mirror, "main", "more").versionSeq()).isEqualTo(4);
  }

  @Test
  void whatIsGrantedAndFilteredAtTheSourceHoldsInTheMirror() {
    var orders = table(main(), "orders");
    commit(orders);
    SchemaId schema = main();
    SpaceKey mirror = mirror(MirrorMode.ASYNC);
    var role =
        metastore.write(tx -> {
          var made = tx.roles().create(Optional.empty(), new RoleName("r")).id();
          tx.grants()
              .grant(made, Privilege.SELECT, new Securable.Schema(SPACE, schema), Optional.empty());
          tx.policies()
              .create(
                  PolicyKind.ROW_FILTER,
                  "mine",
                  SPACE,
                  orders.id(),
                  OptionalInt.empty(),
                  Optional.of(made),
                  "true",
                  Optional.empty());
          return made;
        });
    follow(mirror, 9);
    SchemaId own = entry(mirror, "main", "orders").schema();
    metastore.read(tx -> {
      assertThat(tx.grants().all(mirror))
          .extracting(Grant::securable)
          .containsExactly(new Securable.Schema(mirror, own));
      return assertThat(tx.policies().all(mirror)).hasSize(1);
    });
    metastore.write(tx -> {
      tx.policies().delete(tx.policies().on(orders.id()).getFirst().id());
      return tx.grants().revoke(role, Privilege.SELECT, new Securable.Schema(SPACE, schema));
    });
    follow(mirror, 9);
    metastore.read(tx -> {
      assertThat(tx.grants().all(mirror)).isEmpty();
      assertThat(tx.policies().all(mirror)).isEmpty();
      return true;
    });
    assertThat(metastore.<Boolean>read(tx -> tx.localMirrors().isBehind(state(tx, mirror))))
        .isFalse();
  }

  @Test
  void aSynchronousMirrorHasEachCommitWithTheSource() {
    commit(table(main(), "orders"));
    SpaceKey mirror = mirror(MirrorMode.SYNC);
    commit(table(main(), "items"));
    assertThat(entry(mirror, "main", "items").versionSeq()).isEqualTo(2);
    assertThat(state(mirror).lastApplied()).isEqualTo(2);
  }

  @Test
  void aSynchronousMirrorThatCannotFollowFailsTheCommitOrIsLeftBehindAsItSays() {
    commit(table(main(), "orders"));
    SpaceKey strict = mirror(MirrorMode.SYNC);
    breakIt(strict);
    assertCode(ErrorCode.MIRROR_SYNC_TIMEOUT, () -> commit(table(main(), "items")));
    assertThat(metastore.<Long>read(tx -> tx.databases().get(DatabaseId.DEFAULT).commitSeq()))
        .isOne();
    metastore.write(tx -> {
      tx.mirrors().lost(state(tx, strict), "broken");
      tx.databases().drop(strict.database());
      return true;
    });
    SpaceKey lenient = mirror(MirrorMode.SYNC, TimeoutAction.DEGRADE);
    commit(table(main(), "a"));
    assertThat(state(lenient).lastApplied()).isEqualTo(2);
    breakIt(lenient);
    commit(table(main(), "b"));
    Mirror behind = state(lenient);
    assertThat(behind.lastApplied()).isEqualTo(2);
    assertThat(behind.health(behind.contactAt())).isEqualTo(MirrorHealth.DEGRADED);
    assertThat(behind.error().orElseThrow()).contains("left behind");
    List<String> told =
        metastore.read(tx ->
            tx.audit().after(Optional.of(DatabaseId.DEFAULT), 0, 100).stream()
                .map(AuditRecord::type)
                .toList());
    assertThat(told).containsOnlyOnce("mirror_degraded");
  }

  /** Takes away what the next commit of the source needs. */
  private void breakIt(SpaceKey mirror) {
    metastore.write(tx -> {
      tx.cuts().clear(mirror, new CommitOutcome.Committed(9, 9));
      return true;
    });
  }

  @Test
  void namesMayChangeHandsWithinOneCommitOfTheSource() {
    commit(table(main(), "orders"));
    SpaceKey mirror = mirror(MirrorMode.ASYNC);
    SchemaId before = entry(mirror, "main", "orders").schema();
    metastore.write(tx ->
        tx.commits()
            .commit(
                CommitRequest.builder(SPACE, "make")
                    .change(new SchemaChange.Create(SHOP, new SchemaName("shop"), Map.of()))
                    .build()));
    reset();
    assertThat(follow(mirror, 9)).isEqualTo(2);
    assertThat(entry(mirror, "main", "orders").schema()).isNotEqualTo(before);
    metastore.read(
        tx -> assertThat(tx.schemas().list(mirror, Optional.empty(), 9).items()).hasSize(1));
    commit(table(main(), "items"));
    assertThat(follow(mirror, 9)).isOne();
    assertThat(entry(mirror, "main", "items").versionSeq()).isEqualTo(4);
  }

  @Test
  void aMirrorThatIsBehindIsGivenNoRightsAndLosesNoFilter() {
    var orders = table(main(), "orders");
    commit(orders);
    SchemaId schema = main();
    RoleId role =
        metastore.write(tx -> {
          RoleId made = tx.roles().create(Optional.empty(), new RoleName("r")).id();
          filter(tx, orders.id(), "old");
          return made;
        });
    SpaceKey mirror = mirror(MirrorMode.ASYNC);
    commit(update(orders, orders.metadataLocation(), "1"));
    commit(table(main(), "items"));
    metastore.write(tx -> {
      tx.policies().delete(tx.policies().on(orders.id()).getFirst().id());
      filter(tx, orders.id(), "new");
      return tx.grants()
          .grant(role, Privilege.SELECT, new Securable.Schema(SPACE, schema), Optional.empty());
    });
    assertThat(follow(mirror, 1)).isOne();
    assertThat(expressions(mirror)).containsExactlyInAnyOrder("old", "new");
    assertThat(metastore.<Boolean>read(tx -> tx.grants().all(mirror).isEmpty())).isTrue();
    assertThat(follow(mirror, 1)).isOne();
    assertThat(expressions(mirror)).containsExactly("new");
    metastore.read(tx -> assertThat(tx.grants().all(mirror)).hasSize(1));
    metastore.write(
        tx -> tx.grants().revoke(role, Privilege.SELECT, new Securable.Schema(SPACE, schema)));
    commit(table(main(), "a"));
    commit(table(main(), "b"));
    assertThat(follow(mirror, 1)).isOne();
    assertThat(metastore.<Boolean>read(tx -> tx.grants().all(mirror).isEmpty())).isTrue();
  }

  private static void filter(MetastoreTransaction tx, CollectionId table, String expression) {
    tx.policies()
        .create(
            PolicyKind.ROW_FILTER,
            "mine",
            SPACE,
            table,
            OptionalInt.empty(),
            Optional.empty(),
            expression,
            Optional.empty());
  }

  private List<String> expressions(SpaceKey mirror) {
    return metastore.read(
        tx -> tx.policies().all(mirror).stream().map(it -> it.expression()).toList());
  }

  @Test
  void howFarAMirrorIsBehindCountsFromTheFirstCommitThatItLacks() {
    commit(table(main(), "orders"));
    SpaceKey mirror = mirror(MirrorMode.ASYNC);
    clock.advance(Duration.ofSeconds(1));
    metastore.write(tx ->
        tx.commits()
            .follow(
                DatabaseId.DEFAULT,
                new CommitInfo(
                    40, tx.now(), Optional.empty(), SPACE.tenant(), "a number that leaps")));
    clock.advance(Duration.ofSeconds(7));
    long now = clock.instant().toEpochMilli() * 1000;
    Mirror observed = metastore.read(tx -> tx.localMirrors().observed(state(tx, mirror)));
    assertThat(observed.lagMicros(now)).isBetween(7_000_000L, 8_000_000L);
    assertThat(observed.health(now)).isEqualTo(MirrorHealth.DEGRADED);
  }

  @Test
  void aMirrorThatBeginsAgainCanBePromotedAndOneThatNeverHadAStateCannot() {
    commit(table(main(), "orders"));
    SpaceKey mirror = mirror(MirrorMode.ASYNC);
    metastore.write(tx -> {
      tx.mirrors().bootstrapping(state(tx, mirror), Optional.empty(), 0);
      return true;
    });
    clock.advance(Duration.ofSeconds(3));
    long now = clock.instant().toEpochMilli() * 1000;
    assertThat(state(mirror).lagMicros(now)).isEqualTo(3_000_000);
    assertThat(promote(mirror).lastApplied()).isOne();
    assertThat(state(mirror).state()).isEqualTo(MirrorState.PROMOTED);
  }

  @Test
  void nothingIsAppliedToAMirrorThatWasDropped() {
    commit(table(main(), "orders"));
    SpaceKey mirror = mirror(MirrorMode.ASYNC);
    Mirror before = state(mirror);
    metastore.write(tx -> {
      tx.databases().drop(mirror.database());
      assertThat(tx.mirrors().following(mirror.database())).isEmpty();
      return assertThat(tx.mirrors().advance(before, 2, 2, 1)).isFalse();
    });
  }

  @Test
  void aMirrorOfASourceThatIsNotWhatItWasIsReadableAndFollowsNoMore() {
    commit(table(main(), "orders"));
    SpaceKey mirror = mirror(MirrorMode.ASYNC);
    metastore.write(tx -> {
      tx.mirrors().identify(state(tx, mirror), "a/1/1");
      tx.mirrors().lost(state(tx, mirror), "gone");
      tx.mirrors().lost(state(tx, mirror), "gone");
      return true;
    });
    Mirror after = state(mirror);
    assertThat(after.health(after.contactAt())).isEqualTo(MirrorHealth.DISCONNECTED);
    assertThat(after.error()).contains("gone");
    assertThat(after.sourceIdentity()).contains("a/1/1");
    assertThat(promote(mirror).lastApplied()).isOne();
  }

  @Test
  void aPromotedMirrorIsAClonesEqualAndFollowsNobody() {
    var orders = table(main(), "orders");
    commit(orders);
    SpaceKey mirror = mirror(MirrorMode.ASYNC);
    Mirror stale = state(mirror);
    assertThat(promote(mirror).lastApplied()).isOne();
    commit(update(orders, orders.metadataLocation(), "1"));
    assertThat(follow(mirror, 9)).isZero();
    metastore.write(tx -> {
      assertThat(tx.mirrors().advance(stale, 2, 2, 1)).isFalse();
      assertThat(tx.lineage().parent(mirror.database()).orElseThrow().kind())
          .isEqualTo(LineageKind.CLONE);
      return assertThat(tx.databases().get(mirror.database()).commitSeq()).isEqualTo(2);
    });
    assertThat(then(mirror, 1)).hasSize(1);
    assertThat(then(mirror, 2))
        .extracting(VersionedCollection::metadataLocation)
        .containsExactly(orders.metadataLocation());
    CollectionEntry own = entry(mirror, "main", "orders");
    metastore.write(tx ->
        tx.commits()
            .commit(
                CommitRequest.builder(mirror, "w")
                    .change(new CollectionChange.Update(own.id(), own.metadataLocation(), "w"))
                    .build()));
    assertThat(promote(mirror).state()).isEqualTo(MirrorState.PROMOTED);
    assertThat(state(mirror).health(0)).isEqualTo(MirrorHealth.PROMOTED);
    assertCode(
        ErrorCode.NOT_A_MIRROR,
        () ->
            metastore.write(tx ->
                tx.localMirrors()
                    .promote(
                        DatabaseId.DEFAULT, Optional.empty(), SPACE.tenant(), Optional.empty())));
  }

  private void commitFiles(CollectionChange change, FileChange... files) {
    CommitRequest.Builder request = CommitRequest.builder(SPACE, "test").change(change);
    List.of(files).forEach(request::file);
    metastore.write(tx -> tx.commits().commit(request.build()));
  }

  private void forget() {
    clock.advance(Duration.ofSeconds(1));
    metastore.write(tx -> tx.collect().forgetBefore(DatabaseId.DEFAULT, tx.now()));
  }

  private List<String> unreachable() {
    return metastore.read(tx ->
        tx.collect().candidates(DatabaseId.DEFAULT, "", 100).stream()
            .map(Candidate::path)
            .filter(path -> !tx.collect().holders().holds(path))
            .toList());
  }

  private SpaceKey mirror(MirrorMode mode) {
    return mirror(mode, TimeoutAction.FAIL);
  }

  private SpaceKey mirror(MirrorMode mode, TimeoutAction onTimeout) {
    return metastore.write(tx ->
        new SpaceKey(
            tx.localMirrors()
                .create(
                    new DatabaseName("m"),
                    tx.databases().get(DatabaseId.DEFAULT),
                    mode,
                    5_000_000,
                    onTimeout,
                    "file:/w")
                .id(),
            SPACE.tenant()));
  }

  private int follow(SpaceKey mirror, int limit) {
    return metastore.write(tx -> tx.localMirrors().follow(mirror.database(), limit));
  }

  private Mirror promote(SpaceKey mirror) {
    return metastore.write(tx ->
        tx.localMirrors()
            .promote(mirror.database(), Optional.empty(), SPACE.tenant(), Optional.empty())
            .was());
  }

  private Mirror state(SpaceKey mirror) {
    return metastore.read(tx -> state(tx, mirror));
  }

  private static Mirror state(MetastoreTransaction tx, SpaceKey mirror) {
    return tx.mirrors().find(mirror.database()).orElseThrow();
  }

  private CollectionEntry entry(SpaceKey space, String schema, String name) {
    return metastore.read(tx -> tx.collections().get(space, TableRef.of(schema, name)));
  }

  private List<VersionedCollection> then(SpaceKey space, long seq) {
    return metastore.read(
        tx -> tx.history().collections(tx.history().after(space, seq).orElseThrow()));
  }
}
