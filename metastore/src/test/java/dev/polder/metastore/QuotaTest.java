package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.metastore.commit.FileChange;
import dev.polder.metastore.quota.Overpromise;
import dev.polder.metastore.quota.PriorityClass;
import dev.polder.metastore.quota.Quota;
import dev.polder.metastore.quota.QuotaBound;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.metastore.quota.QuotaScope;
import dev.polder.metastore.quota.ServerUse;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class QuotaTest extends Contract {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId BETA = new TenantId("beta");

  @Test
  void whatIsNotSetHasItsDefaultAndAPartIsMerged() {
    DatabaseId prod = database("prod");
    set(prod, QuotaField.MAX_QPS, 100);
    set(prod, QuotaField.MAX_CONNECTIONS, 5);
    set(prod, QuotaField.MAX_QPS, 200);
    Quota quota = metastore.read(tx -> tx.quotas().of(prod));
    assertThat(quota.get(QuotaField.MAX_QPS)).isEqualTo(200);
    assertThat(quota.get(QuotaField.MAX_CONNECTIONS)).isEqualTo(5);
    assertThat(quota.get(QuotaField.MAX_MEMORY_BYTES)).isZero();
    assertThat(quota.get(QuotaField.CACHE_WEIGHT)).isEqualTo(1);
    assertThat(quota.get(QuotaField.MAINTENANCE_CPU_PCT)).isEqualTo(25);
    assertThat(quota.priorityClass()).isEqualTo(PriorityClass.STANDARD);
  }

  @Test
  void everyChangeMovesTheEpoch() {
    DatabaseId prod = database("prod");
    long before = metastore.read(tx -> tx.grants().epoch());
    set(prod, QuotaField.MAX_QPS, 100);
    assertThat(metastore.<Long>read(tx -> tx.grants().epoch())).isGreaterThan(before);
  }

  @Test
  void tenantsTogetherHaveNoMoreThanTheirDatabase() {
    DatabaseId prod = database("prod", ACME, BETA);
    set(prod, QuotaField.MAX_STORAGE_BYTES, 100);
    set(prod, ACME, 60);
    assertCode(ErrorCode.QUOTA_OVERCOMMIT, () -> set(prod, BETA, 41));
    assertThat(metastore.<Quota>read(tx -> tx.quotas().of(new SpaceKey(prod, BETA))))
        .isEqualTo(Quota.NONE);
    set(prod, BETA, 40);
    // The same once more is no more.
    set(prod, ACME, 60);
    assertCode(ErrorCode.QUOTA_OVERCOMMIT, () -> set(prod, QuotaField.MAX_STORAGE_BYTES, 99));
    set(prod, QuotaField.MAX_STORAGE_BYTES, 0);
    set(prod, ACME, 1_000);
  }

  @Test
  void ofTwoRaisesAtOnceThatDoNotFitTogetherExactlyOneHolds() throws Exception {
    DatabaseId prod = database("prod", ACME, BETA);
    set(prod, QuotaField.MAX_STORAGE_BYTES, 100);
    for (int round = 0; round < 20; round++) {
      set(prod, ACME, 1);
      set(prod, BETA, 1);
      List<Callable<Boolean>> raises = List.of(() -> raise(prod, ACME), () -> raise(prod, BETA));
      try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
        List<Boolean> done = new ArrayList<>();
        for (Future<Boolean> raised : threads.invokeAll(raises)) {
          done.add(raised.get());
        }
        assertThat(done).containsExactlyInAnyOrder(true, false);
      }
    }
  }

  private boolean raise(DatabaseId database, TenantId tenant) {
    try {
      set(database, tenant, 70);
      return true;
    } catch (PolderException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.QUOTA_OVERCOMMIT);
      return false;
    }
  }

  @Test
  void databasesTogetherHaveNoMoreThanTheServers() {
    configure(Quota.of(QuotaField.MAX_CONNECTIONS, 10), Quota.NONE);
    DatabaseId a = database("a");
    DatabaseId b = database("b");
    set(a, QuotaField.MAX_CONNECTIONS, 7);
    assertCode(ErrorCode.QUOTA_OVERCOMMIT, () -> set(b, QuotaField.MAX_CONNECTIONS, 4));
    metastore.write(tx -> {
      tx.databases().drop(a);
      return a;
    });
    set(b, QuotaField.MAX_CONNECTIONS, 4);
    assertCode(
        ErrorCode.QUOTA_OVERCOMMIT,
        () ->
            metastore.write(tx -> {
              tx.databases().undrop(a);
              return a;
            }));
  }

  @Test
  void aDefaultThatDoesNotFitAnyMoreRefusesTheDatabase() {
    configure(Quota.of(QuotaField.MAX_CONNECTIONS, 10), Quota.of(QuotaField.MAX_CONNECTIONS, 4));
    database("a");
    assertCode(ErrorCode.QUOTA_OVERCOMMIT, () -> database("b"));
  }

  @Test
  void anUnlimitedTenantHasWhatTheLimitedOnesLeave() {
    DatabaseId prod = database("prod", ACME, BETA);
    set(prod, QuotaField.MAX_STORAGE_BYTES, 100);
    set(prod, ACME, 60);
    List<QuotaBound> bounds =
        metastore
            .read(tx -> tx.quotas().view(new SpaceKey(prod, BETA)))
            .bounds(QuotaField.MAX_STORAGE_BYTES);
    assertThat(bounds)
        .extracting(QuotaBound::limit, QuotaBound::scope)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                40L, new QuotaScope.OtherTenants(prod, Set.of(ACME))),
            org.assertj.core.groups.Tuple.tuple(100L, new QuotaScope.OfDatabase(prod)));
  }

  @Test
  void aCommitBeyondTheStorageIsRefusedAndChangesNothing() {
    metastore.write(tx -> tx.quotas().set(SPACE, Quota.of(QuotaField.MAX_STORAGE_BYTES, 100)));
    var orders = table(main(), "orders");
    write(orders, 80);
    long seq = metastore.read(tx -> tx.databases().get(DatabaseId.DEFAULT).commitSeq());
    assertCode(ErrorCode.STORAGE_QUOTA_EXCEEDED, () -> write(table(main(), "more"), 21));
    assertThat(metastore.<Long>read(tx -> tx.databases().get(DatabaseId.DEFAULT).commitSeq()))
        .isEqualTo(seq);
    assertThat(metastore.<Long>read(tx -> tx.storage().usage(SPACE).bytes())).isEqualTo(80);
    write(table(main(), "fits"), 20);
  }

  @Test
  void whatTakesAwayPassesEvenBeyondTheLimit() {
    var orders = table(main(), "orders");
    write(orders, 80);
    metastore.write(tx -> tx.quotas().set(SPACE, Quota.of(QuotaField.MAX_STORAGE_BYTES, 10)));
    CommitRequest deletes =
        CommitRequest.builder(SPACE, "DELETE")
            .file(FileChange.added(orders.id(), "positions", 5))
            .onlyDeletes()
            .build();
    assertThat(metastore.<CommitOutcome>write(tx -> tx.commits().commit(deletes)))
        .isInstanceOf(CommitOutcome.Committed.class);
    assertCode(ErrorCode.STORAGE_QUOTA_EXCEEDED, () -> write(table(main(), "more"), 1));
    commit(new CollectionChange.Drop(orders.id(), java.util.Optional.empty()));
    write(table(main(), "more"), 1);
  }

  @Test
  void theStorageOfADatabaseAndOfAllIsThatOfAllTheirTenants() {
    DatabaseId prod = database("prod", ACME, BETA);
    charge(new SpaceKey(prod, ACME), 50);
    set(prod, QuotaField.MAX_STORAGE_BYTES, 100);
    charge(new SpaceKey(prod, BETA), 50);
    assertCode(ErrorCode.STORAGE_QUOTA_EXCEEDED, () -> charge(new SpaceKey(prod, BETA), 1));
    set(prod, QuotaField.MAX_STORAGE_BYTES, 0);
    configure(Quota.of(QuotaField.MAX_STORAGE_BYTES, 110), Quota.NONE);
    charge(SPACE, 10);
    assertCode(ErrorCode.STORAGE_QUOTA_EXCEEDED, () -> charge(SPACE, 1));
  }

  @Test
  void aDatabaseComesBackOnlyWhereItsStorageFits() {
    DatabaseId prod = database("prod", ACME);
    charge(new SpaceKey(prod, ACME), 60);
    metastore.write(tx -> {
      tx.databases().drop(prod);
      return prod;
    });
    configure(Quota.of(QuotaField.MAX_STORAGE_BYTES, 100), Quota.NONE);
    charge(SPACE, 50);
    assertCode(ErrorCode.STORAGE_QUOTA_EXCEEDED, () -> undrop(prod));
    configure(Quota.of(QuotaField.MAX_STORAGE_BYTES, 110), Quota.NONE);
    undrop(prod);
  }

  private void undrop(DatabaseId database) {
    metastore.write(tx -> {
      tx.databases().undrop(database);
      return database;
    });
  }

  @Test
  void promisesThatAreMoreThanANumberHoldsAreNotForgotten() {
    DatabaseId prod = database("prod", ACME, BETA);
    set(prod, ACME, Long.MAX_VALUE);
    set(prod, BETA, Long.MAX_VALUE);
    assertCode(
        ErrorCode.QUOTA_OVERCOMMIT, () -> set(prod, QuotaField.MAX_STORAGE_BYTES, 1_000_000));
  }

  @Test
  void aTenantMovesOnlyWhereItsQuotaAndItsStorageFit() {
    DatabaseId prod = database("prod", ACME);
    DatabaseId next = database("next");
    SpaceKey space = new SpaceKey(prod, ACME);
    charge(space, 50);
    assertThat(refusal(space, next)).isEmpty();
    set(next, QuotaField.MAX_STORAGE_BYTES, 40);
    assertThat(refusal(space, next)).contains("storage would not fit");
    set(next, QuotaField.MAX_STORAGE_BYTES, 55);
    set(prod, ACME, 60);
    assertThat(refusal(space, next)).contains("max_storage_bytes");
    set(next, QuotaField.MAX_STORAGE_BYTES, 60);
    assertThat(refusal(space, next)).isEmpty();
    metastore.write(tx -> {
      tx.quotas().move(space, next);
      return space;
    });
    assertThat(metastore.<Quota>read(tx -> tx.quotas().of(space))).isEqualTo(Quota.NONE);
    assertThat(metastore.<Map<TenantId, Quota>>read(tx -> tx.quotas().tenants(next)))
        .containsOnlyKeys(ACME);
  }

  private String refusal(SpaceKey space, DatabaseId to) {
    return metastore.read(tx -> tx.quotas().moveRefusal(space, to).orElse(""));
  }

  @Test
  void serversKnowOfEachOthersUseUntilTheyFallSilent() {
    metastore.write(tx -> {
      tx.serverUse()
          .report("one", List.of(new ServerUse("one", SPACE, 3, 7, 11)), tx.now() + 1_000_000);
      tx.serverUse().report("two", List.of(), tx.now() + 9_000_000);
      tx.serverUse().connections("one", SPACE, 4, tx.now() + 3_000_000);
      return tx;
    });
    assertThat(others("two")).containsExactly(new ServerUse("one", SPACE, 4, 7, 11));
    assertThat(others("one")).isEmpty();
    assertThat(metastore.<Long>read(tx -> tx.serverUse().otherServers("one"))).isEqualTo(1);
    clock.advance(java.time.Duration.ofSeconds(1));
    assertThat(others("two")).containsExactly(new ServerUse("one", SPACE, 4, 7, 11));
    clock.advance(java.time.Duration.ofSeconds(2));
    assertThat(others("two")).isEmpty();
    assertThat(metastore.<Long>read(tx -> tx.serverUse().otherServers("two"))).isZero();
  }

  private List<ServerUse> others(String server) {
    return metastore.read(tx -> tx.serverUse().others(server));
  }

  private DatabaseId database(String name, TenantId... tenants) {
    return metastore.write(tx -> {
      DatabaseId id =
          tx.databases().create(new DatabaseName(name), DatabaseKind.LAKE, Map.of()).id();
      for (TenantId tenant : tenants) {
        if (tx.tenants().find(tenant).isEmpty()) {
          tx.tenants().create(tenant);
        }
        tx.spaces().create(new SpaceKey(id, tenant));
      }
      return id;
    });
  }

  @Test
  void aLoweredConfigurationSaysWhatItDoesNotKeep() {
    DatabaseId a = database("promised_a");
    DatabaseId b = database("promised_b");
    set(a, QuotaField.MAX_QPS, 60);
    set(b, QuotaField.MAX_QPS, 50);
    set(b, QuotaField.MAX_MEMORY_BYTES, 4_096);
    assertThat(overpromised(Quota.NONE)).isEmpty();
    configure(Quota.of(QuotaField.MAX_QPS, 100), Quota.NONE);
    assertThat(overpromised(Quota.of(QuotaField.MAX_MEMORY_BYTES, 1_024)))
        .containsExactlyInAnyOrder(
            new Overpromise("all databases", QuotaField.MAX_QPS, 110, 100),
            new Overpromise(
                "an instance of database promised_b", QuotaField.MAX_MEMORY_BYTES, 4_096, 1_024));
  }

  private List<Overpromise> overpromised(Quota instance) {
    return metastore.read(tx -> tx.quotas().overpromised(instance));
  }

  private void configure(Quota ceiling, Quota defaults) {
    metastore.write(tx -> tx.quotas().configure(ceiling, defaults));
  }

  private void set(DatabaseId database, QuotaField field, long value) {
    metastore.write(tx -> tx.quotas().set(database, Quota.of(field, value)));
  }

  private void set(DatabaseId database, TenantId tenant, long bytes) {
    metastore.write(tx ->
        tx.quotas()
            .set(new SpaceKey(database, tenant), Quota.of(QuotaField.MAX_STORAGE_BYTES, bytes)));
  }

  private void write(CollectionChange.Create table, long bytes) {
    CommitRequest request =
        CommitRequest.builder(SPACE, "test")
            .change(table)
            .file(FileChange.added(table.id(), table.location() + "/data", bytes))
            .build();
    metastore.write(tx -> tx.commits().commit(request));
  }

  private void charge(SpaceKey space, long bytes) {
    CollectionId id = new CollectionId(java.util.UUID.randomUUID().toString());
    CommitRequest request =
        CommitRequest.builder(space, "test").file(FileChange.added(id, "f" + id, bytes)).build();
    metastore.write(tx -> tx.commits().commit(request));
  }
}
