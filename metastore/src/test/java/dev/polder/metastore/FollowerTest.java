package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.audit.AuditRecord;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.metastore.commit.FileChange;
import dev.polder.metastore.commit.SchemaChange;
import dev.polder.metastore.mirror.Follower;
import dev.polder.metastore.mirror.FollowerState;
import dev.polder.metastore.mirror.MirrorHealth;
import dev.polder.metastore.mirror.Offer;
import dev.polder.metastore.mirror.TimeoutAction;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FollowerTest extends Contract {
  private static final DatabaseId DATABASE = DatabaseId.DEFAULT;
  private static final long LENGTH = 60_000_000;

  private Follower join(String id) {
    return metastore.write(tx ->
        tx.followers()
            .join(
                DATABASE,
                id,
                new DatabaseName("copy"),
                5_000_000,
                TimeoutAction.DEGRADE,
                Optional.empty()));
  }

  private Follower heard(String id, long holds) {
    return metastore.write(tx -> {
      tx.followers().heard(tx.followers().find(DATABASE, id).orElseThrow(), holds);
      return tx.followers().find(DATABASE, id).orElseThrow();
    });
  }

  private Optional<String> offer(CollectionChange... changes) {
    CommitRequest.Builder request = CommitRequest.builder(SPACE, "w");
    List.of(changes).forEach(request::change);
    return offer(request);
  }

  private Optional<String> offer(CommitRequest.Builder request) {
    return metastore.write(tx -> tx.offers().make(request.build(), LENGTH));
  }

  private List<Offer> open(long after) {
    return metastore.read(tx -> tx.offers().after(DATABASE, after));
  }

  private boolean brings(DatabaseId database, String path) {
    return metastore.read(tx -> tx.offers().brings(database, path));
  }

  private List<String> awaited(String offer) {
    return metastore.read(
        tx -> tx.followers().awaited(DATABASE, offer).stream().map(Follower::id).toList());
  }

  @Test
  void commitsWaitForAFollowerFromThenOnThatItIsClose() {
    for (int i = 0; i < 15; i++) {
      commit(table(main(), "t" + i));
    }
    assertThat(join("a").state()).isEqualTo(FollowerState.BEHIND);
    assertThat(heard("a", 2).state()).isEqualTo(FollowerState.BEHIND);
    assertThat(awaited("")).isEmpty();
    assertThat(heard("a", 8).state()).isEqualTo(FollowerState.CATCHING_UP);
    assertThat(awaited("")).containsExactly("a");
    commit(table(main(), "late"));
    assertThat(heard("a", 15).state()).isEqualTo(FollowerState.SYNCHRONOUS);
    assertThat(join("b").name()).isEqualTo("copy_2");
    assertThat(join("a").state()).isEqualTo(FollowerState.SYNCHRONOUS);
  }

  @Test
  void oneThatIsLeftBehindIsToldOfOnceAndRecoversOnce() {
    join("a");
    Follower synchronous = heard("a", 0);
    for (int i = 0; i < 2; i++) {
      metastore.write(tx -> {
        tx.followers().leaveBehind(synchronous, "late");
        return tx.now();
      });
    }
    Follower behind = metastore.read(tx -> tx.followers().find(DATABASE, "a")).orElseThrow();
    assertThat(behind.health(micros())).isEqualTo(MirrorHealth.DEGRADED);
    assertThat(awaited("")).isEmpty();
    assertThat(heard("a", 0).health(micros())).isEqualTo(MirrorHealth.FOLLOWING);
    clock.advance(Duration.ofSeconds(11));
    assertThat(heard("a", 0).isSilent(micros() + 11_000_000)).isTrue();
    assertThat(told()).containsExactly("mirror_attached", "mirror_degraded", "mirror_recovered");
    metastore.write(tx -> {
      tx.followers().detach(DATABASE, "COPY", Optional.empty());
      return tx.now();
    });
    assertThat(awaited("")).isEmpty();
    assertThat(heard("a", 0).state()).isEqualTo(FollowerState.DETACHED);
    assertCode(
        ErrorCode.NOT_A_MIRROR,
        () ->
            metastore.write(tx -> {
              tx.followers().detach(DATABASE, "nobody", Optional.empty());
              return tx.now();
            }));
  }

  private long micros() {
    return clock.instant().toEpochMilli() * 1_000;
  }

  private List<String> told() {
    return metastore.read(tx ->
        tx.audit().after(Optional.of(DATABASE), 0, 100).stream()
            .map(AuditRecord::type)
            .filter(it -> it.startsWith("mirror_"))
            .toList());
  }

  @Test
  void offersThatAreOpenNeverGetInEachOthersWay() {
    var orders = table(main(), "orders");
    var items = table(main(), "items");
    commit(orders);
    commit(items);
    CollectionChange write = update(orders, orders.metadataLocation(), "1");
    String first = offer(write).orElseThrow();
    assertThat(offer(write)).isEmpty();
    assertThat(offer(new CollectionChange.Require(orders.id(), orders.metadataLocation())))
        .isEmpty();
    assertThat(offer(update(items, items.metadataLocation(), "1"))).isPresent();
    assertThat(offer(table(main(), "more"))).isPresent();
    assertThat(offer(table(main(), "MORE"))).isEmpty();
    assertThat(offer(CommitRequest.builder(SPACE, "d").change(new SchemaChange.Drop(main()))))
        .isEmpty();
    metastore.write(tx -> {
      tx.offers().withdraw(first);
      return first;
    });
    assertThat(offer(write)).isPresent();
    clock.advance(Duration.ofMinutes(2));
    assertThat(offer(write)).isPresent();
  }

  @Test
  void anOfferSaysWhatTheCommitWouldChangeAndLetsItsFilesBeRead() {
    SchemaId shop = new SchemaId("0b");
    var orders = table(main(), "orders");
    commit(orders);
    var goods = table(shop, "goods");
    String id =
        metastore
            .write(tx ->
                tx.offers()
                    .make(
                        CommitRequest.builder(SPACE, "all")
                            .change(new SchemaChange.Create(shop, new SchemaName("shop"), Map.of()))
                            .change(goods)
                            .change(new CollectionChange.Drop(orders.id()))
                            .file(FileChange.added(goods.id(), "/goods/1", 7))
                            .build(),
                        LENGTH))
            .orElseThrow();
    join("a");
    heard("a", 1);
    List<Offer> open = open(1);
    assertThat(open).singleElement().satisfies(it -> assertThat(it.seq()).isEmpty());
    var content = open.getFirst().content();
    assertThat(content.schemas())
        .singleElement()
        .satisfies(it -> assertThat(it.dropped()).isFalse());
    assertThat(content.collections())
        .anySatisfy(it -> assertThat(it.name()).isEqualTo("goods"))
        .anySatisfy(it -> assertThat(it.metadataLocation()).isEmpty());
    assertThat(brings(DATABASE, "/goods/1")).isTrue();
    assertThat(brings(new DatabaseId(99), "/goods/1")).isFalse();
    assertThat(awaited(id)).containsExactly("a");
    metastore.write(tx -> {
      assertThat(tx.offers().isWhole(DATABASE, id)).isFalse();
      tx.offers().staged(DATABASE, id, "a");
      assertThat(tx.offers().isWhole(DATABASE, id)).isTrue();
      tx.offers().landed(id, 2);
      tx.offers().withdraw(id);
      return id;
    });
    assertThat(open(1)).singleElement().satisfies(it -> assertThat(it.seq()).hasValue(2));
    assertThat(brings(DATABASE, "/goods/1")).isFalse();
    heard("a", 2);
    assertThat(open(0)).isEmpty();
  }
}
