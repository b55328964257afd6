package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.access.Policy;
import dev.polder.metastore.access.PolicyKind;
import dev.polder.metastore.access.PrincipalKind;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.metastore.commit.FileChange;
import dev.polder.metastore.commit.SchemaChange;
import dev.polder.metastore.lineage.CommitJson;
import dev.polder.metastore.lineage.DatabaseAccess;
import dev.polder.metastore.lineage.DatabaseCommit;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PrincipalName;
import dev.polder.model.Privilege;
import dev.polder.model.RoleName;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.Securable;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import dev.polder.model.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TakeoverTest extends Contract {
  @Test
  void aDatabaseTakesOverAWholeOneAndEveryCommitAfterItUnderTheSameNumbers() {
    var orders = table(main(), "orders");
    commit(orders);
    DatabaseId copy = database("copy");
    take(copy, whole());
    clock.advance(Duration.ofSeconds(1));
    SchemaId shop = new SchemaId("0a");
    var items = table(shop, "items");
    metastore.write(tx ->
        tx.commits()
            .commit(
                CommitRequest.builder(SPACE, "make")
                    .change(new SchemaChange.Create(shop, new SchemaName("shop"), Map.of("k", "v")))
                    .change(items)
                    .file(FileChange.added(items.id(), items.metadataLocation(), 7))
                    .build()));
    commit(
        new CollectionChange.Update(
            orders.id(), orders.metadataLocation(), orders.location() + "/1.json"));
    commit(new CollectionChange.Rename(items.id(), main(), "goods"));
    commit(new CollectionChange.Drop(orders.id()));
    metastore.write(tx ->
        tx.commits()
            .commit(
                CommitRequest.builder(SPACE, "drop").change(new SchemaChange.Drop(shop)).build()));
    List<DatabaseCommit> commits = after(1, 2);
    assertThat(commits).extracting(DatabaseCommit::seq).containsExactly(2L, 3L);
    commits.forEach(commit -> take(copy, commit));
    SpaceKey space = new SpaceKey(copy, TenantId.DEFAULT);
    assertThat(entry(space, "shop", "items").metadataLocation())
        .isEqualTo("own:" + items.metadataLocation());
    assertThat(entry(space, "main", "orders").metadataLocation()).endsWith("/1.json");
    after(3, 9).forEach(commit -> take(copy, commit));
    metastore.read(tx -> {
      assertThat(tx.databases().get(copy).commitSeq()).isEqualTo(6);
      assertThat(tx.databases().get(copy).committedAt())
          .isEqualTo(tx.databases().get(DatabaseId.DEFAULT).committedAt());
      assertThat(tx.collections().find(space, TableRef.of("main", "orders"))).isEmpty();
      assertThat(tx.schemas().find(space, new SchemaName("shop"))).isEmpty();
      assertThat(tx.storage().usage(copy).bytes()).isEqualTo(7);
      return assertThat(
              tx.history()
                  .find(tx.history().after(space, 3).orElseThrow(), SchemaName.MAIN, "orders"))
          .isPresent();
    });
    assertThat(entry(space, "main", "goods").owner()).isEmpty();
    assertThat(metastore.<Boolean>read(tx -> tx.history().after(space, 0).isEmpty())).isTrue();
  }

  @Test
  void aWholeOneTakesThePlaceOfWhatWasThere() {
    var orders = table(main(), "orders");
    commit(orders);
    DatabaseId copy = database("copy");
    take(copy, whole());
    commit(new CollectionChange.Drop(orders.id()));
    commit(table(main(), "orders"));
    take(copy, whole());
    SpaceKey space = new SpaceKey(copy, TenantId.DEFAULT);
    assertThat(entry(space, "main", "orders").versionSeq()).isEqualTo(3);
    metastore.read(tx -> assertThat(tx.collections().collectionsAsOf(space, 3)).hasSize(1));
  }

  @Test
  void commitsThatAreNotKeptAreNeverSkipped() {
    var orders = table(main(), "orders");
    commit(orders);
    clock.advance(Duration.ofSeconds(1));
    commit(new CollectionChange.Rename(orders.id(), main(), "b"));
    commit(new CollectionChange.Rename(orders.id(), main(), "c"));
    clock.advance(Duration.ofSeconds(1));
    metastore.write(tx -> tx.collect().forgetBefore(DatabaseId.DEFAULT, tx.now()));
    assertThat(after(2, 9)).hasSize(1);
    assertCode(ErrorCode.VERSION_NOT_FOUND, () -> after(1, 9));
    assertCode(ErrorCode.VERSION_NOT_FOUND, () -> after(9, 9));
  }

  @Test
  void namesMayChangeHandsWithinOneCommit() {
    commit(table(main(), "orders"));
    DatabaseId copy = database("copy");
    take(copy, whole());
    reset();
    after(1, 9).forEach(commit -> take(copy, commit));
    SpaceKey space = new SpaceKey(copy, TenantId.DEFAULT);
    assertThat(entry(space, "main", "orders").versionSeq()).isEqualTo(2);
    commit(table(main(), "items"));
    after(2, 9).forEach(commit -> take(copy, commit));
    assertThat(entry(space, "main", "items").versionSeq()).isEqualTo(3);
  }

  @Test
  void nothingIsGrantedElsewhereWhereAFilterIsForARoleThatNobodyHolds() {
    var orders = table(main(), "orders");
    commit(orders);
    commit(table(main(), "items"));
    SchemaId schema = main();
    RoleName name = new RoleName("emea");
    var user =
        metastore.write(tx -> {
          var role = tx.roles().create(Optional.empty(), name).id();
          var alice =
              tx.principals()
                  .create(
                      new PrincipalName("alice"),
                      Optional.empty(),
                      PrincipalKind.USER,
                      Optional.empty(),
                      false);
          var own = tx.roles().personal(alice).id();
          tx.grants()
              .grant(
                  own,
                  Privilege.SELECT,
                  new Securable.Collection(SPACE, schema, orders.id()),
                  Optional.empty());
          tx.grants()
              .grant(own, Privilege.SELECT, new Securable.Schema(SPACE, schema), Optional.empty());
          tx.policies()
              .create(
                  PolicyKind.ROW_FILTER,
                  "mine",
                  SPACE,
                  orders.id(),
                  OptionalInt.empty(),
                  Optional.of(role),
                  "id = 1",
                  Optional.empty());
          return alice.id();
        });
    DatabaseId copy = database("copy");
    take(copy, whole());
    SpaceKey space = new SpaceKey(copy, TenantId.DEFAULT);
    metastore.write(tx -> {
      tx.takeovers().mirrorAccess(copy, tx.changes().access(DatabaseId.DEFAULT), true, false);
      assertThat(tx.grants().all(space)).isEmpty();
      assertThat(tx.policies().all(space)).hasSize(1);
      tx.roles().give(tx.roles().find(Optional.empty(), name).orElseThrow().id(), user);
      tx.takeovers().mirrorAccess(copy, tx.changes().access(DatabaseId.DEFAULT), true, false);
      return assertThat(tx.grants().all(space)).hasSize(2);
    });
  }

  @Test
  void whatIsGrantedAndFilteredIsTakenOverByNameAndTakenAwayAgain() {
    var orders = table(main(), "orders");
    commit(orders);
    SchemaId schema = main();
    RoleName name = new RoleName("reader");
    metastore.write(tx -> {
      var role = tx.roles().create(Optional.empty(), name).id();
      tx.grants().grant(role, Privilege.SELECT, new Securable.Space(SPACE), Optional.empty());
      tx.grants()
          .grant(
              role,
              Privilege.SELECT,
              new Securable.Column(SPACE, schema, orders.id(), 3),
              Optional.empty());
      return tx.policies()
          .create(
              PolicyKind.ROW_FILTER,
              "mine",
              SPACE,
              orders.id(),
              OptionalInt.empty(),
              Optional.of(role),
              "id = 1",
              Optional.empty());
    });
    DatabaseId copy = database("copy");
    take(copy, whole());
    DatabaseAccess access = access();
    assertThat(CommitJson.read(CommitJson.write(access), DatabaseAccess.class)).isEqualTo(access);
    SpaceKey space = new SpaceKey(copy, TenantId.DEFAULT);
    metastore.write(tx -> {
      assertThat(tx.takeovers().applyAccess(copy, access, false)).isTrue();
      assertThat(tx.takeovers().applyAccess(copy, access, false)).isFalse();
      assertThat(tx.grants().all(space))
          .singleElement()
          .satisfies(grant -> assertThat(grant.securable()).isInstanceOf(Securable.Column.class));
      return assertThat(tx.policies().all(space)).extracting(Policy::name).containsExactly("mine");
    });
    metastore.write(tx -> {
      var role = tx.roles().find(Optional.empty(), name).orElseThrow().id();
      tx.policies().delete(tx.policies().on(orders.id()).getFirst().id());
      return tx.grants()
          .revoke(role, Privilege.SELECT, new Securable.Column(SPACE, schema, orders.id(), 3));
    });
    metastore.write(tx -> {
      assertThat(tx.takeovers().applyAccess(copy, tx.changes().access(DatabaseId.DEFAULT), true))
          .isTrue();
      assertThat(tx.grants().all(space))
          .extracting(it -> it.securable())
          .containsExactly(new Securable.Space(space));
      assertThat(tx.policies().all(space)).isEmpty();
      return true;
    });
  }

  private DatabaseId database(String name) {
    return metastore.write(
        tx -> tx.databases().create(new DatabaseName(name), DatabaseKind.LAKE, Map.of()).id());
  }

  private DatabaseCommit whole() {
    return metastore.read(tx ->
        tx.changes().whole(DatabaseId.DEFAULT, tx.databases().get(DatabaseId.DEFAULT).commitSeq()));
  }

  private List<DatabaseCommit> after(long seq, int limit) {
    return metastore.read(tx -> tx.changes().after(DatabaseId.DEFAULT, seq, limit));
  }

  private DatabaseAccess access() {
    return metastore.read(tx -> tx.changes().access(DatabaseId.DEFAULT));
  }

  private CollectionEntry entry(SpaceKey space, String schema, String name) {
    return metastore.read(tx -> tx.collections().get(space, TableRef.of(schema, name)));
  }

  /** Over the wire, with files of its own. */
  private void take(DatabaseId target, DatabaseCommit sent) {
    DatabaseCommit commit = CommitJson.read(CommitJson.write(sent), DatabaseCommit.class);
    assertThat(commit).isEqualTo(sent);
    metastore.write(tx -> tx.takeovers().apply(target, commit, own(commit)));
  }
}
