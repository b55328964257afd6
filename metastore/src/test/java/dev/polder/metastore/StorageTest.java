package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.commit.CondemnedFile;
import dev.polder.metastore.commit.OutboxEvent;
import dev.polder.metastore.commit.OutboxMessage;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StorageTest extends Contract {
  @Test
  void leasesProtectTheOldestCommitUntilTheyEnd() {
    var lease =
        metastore.write(tx -> {
          tx.storage().acquireLease("b", DatabaseId.DEFAULT, 9, tx.now() + 9_000_000);
          return tx.storage().acquireLease("a", DatabaseId.DEFAULT, 4, tx.now() + 1_000_000);
        });
    assertThat(
            metastore.read(
                (MetastoreTransaction tx) -> tx.storage().oldestLeasedSeq(DatabaseId.DEFAULT)))
        .hasValue(4);
    clock.advance(Duration.ofSeconds(1));
    assertThat(
            metastore.write(
                (MetastoreTransaction tx) -> tx.storage().renewLease(lease.id(), tx.now() + 5)))
        .isFalse();
    assertThat(
            metastore.read(
                (MetastoreTransaction tx) -> tx.storage().oldestLeasedSeq(DatabaseId.DEFAULT)))
        .hasValue(9);
    assertThat(metastore.write((MetastoreTransaction tx) -> tx.storage().deleteExpiredLeases()))
        .isEqualTo(1);
  }

  @Test
  void aFileCondemnedTwiceKeepsItsFirstTime() {
    CollectionId table = new CollectionId("t");
    long first = metastore.read(tx -> tx.now());
    condemn(table, List.of("a", "b"));
    clock.advance(Duration.ofHours(1));
    condemn(table, List.of("b", "c"));
    assertThat(
            metastore.read(
                (MetastoreTransaction tx) -> tx.storage().condemned(first, Optional.empty(), 10)))
        .extracting(CondemnedFile::path)
        .containsExactly("a", "b");
    metastore.write(tx -> {
      tx.storage().forgetCondemned(List.of("a"));
      return tx;
    });
    assertThat(
            metastore.read((MetastoreTransaction tx) ->
                tx.storage().condemned(tx.now(), Optional.of("b"), 10)))
        .extracting(CondemnedFile::path)
        .containsExactly("c");
  }

  private void condemn(CollectionId table, List<String> paths) {
    metastore.write(tx -> {
      tx.storage().condemn(DatabaseId.DEFAULT, table, paths);
      return tx;
    });
  }

  @Test
  void eventsComeOutInTheOrderTheyWentInUntilPublished() {
    for (int i = 0; i < 3; i++) {
      String payload = Integer.toString(i);
      metastore.write(tx -> {
        tx.outbox().append(List.of(event(payload + "a"), event(payload + "b")));
        return tx;
      });
    }
    List<OutboxMessage> all = metastore.read(tx -> tx.outbox().unpublished(10));
    assertThat(all)
        .extracting(message -> message.event().payload())
        .containsExactly("0a", "0b", "1a", "1b", "2a", "2b");
    metastore.write(tx -> {
      tx.outbox().markPublished(List.of(all.get(0).id(), all.get(1).id()));
      return tx;
    });
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.outbox().unpublished(10))).hasSize(4);
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.outbox().after(all.get(3).id(), 10)))
        .hasSize(2);
  }

  private static OutboxEvent event(String payload) {
    return new OutboxEvent("topic", Optional.empty(), payload);
  }
}
