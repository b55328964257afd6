package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.metastore.idempotency.KeyState;
import dev.polder.metastore.idempotency.RequestKey;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdempotencyTest extends Contract {
  private static final long LEASE = 1_000_000;
  private static final long LIFE = 60_000_000;
  private final RequestKey key = new RequestKey(new PrincipalId("p"), SPACE, UUID.randomUUID());

  private KeyState begin(String fingerprint) {
    return metastore.write(tx -> tx.idempotency().begin(key, fingerprint, LEASE, LIFE));
  }

  private String begun() {
    return ((KeyState.Begun) begin("f")).attempt();
  }

  private CommitOutcome commit(String attempt, CollectionChange change) {
    CommitRequest request =
        CommitRequest.builder(SPACE, "test")
            .change(change)
            .step((tx, commit) -> {
              KeyState.Done done =
                  new KeyState.Done(OptionalLong.of(commit.seq()), Optional.of("d"));
              if (!tx.idempotency().done(key, attempt, done)) {
                throw new PolderException(ErrorCode.COMMIT_OUTCOME_UNKNOWN, "another one began");
              }
            })
            .build();
    return metastore.write(tx -> tx.commits().commit(request));
  }

  @Test
  void aKeyEndsWithItsCommitAndIsKnownThen() {
    String attempt = begun();
    assertThat(begin("f")).isInstanceOf(KeyState.Running.class);
    assertThat(begin("g")).isEqualTo(new KeyState.Taken());
    long seq = seq(commit(attempt, table(main(), "t")));
    assertThat(begin("f")).isEqualTo(new KeyState.Done(OptionalLong.of(seq), Optional.of("d")));
    assertThat(begin("g")).isEqualTo(new KeyState.Taken());
  }

  @Test
  void aCommitThatFindsAConflictLeavesItsKeyOpen() {
    String attempt = begun();
    CollectionChange.Create table = table(main(), "t");
    commit(table);
    assertThat(commit(attempt, update(table, "elsewhere", "1")))
        .isInstanceOf(CommitOutcome.Conflict.class);
    assertThat(begin("f")).isInstanceOf(KeyState.Running.class);
    metastore.write(tx -> {
      tx.idempotency().release(key, attempt);
      return key;
    });
    assertThat(begin("g")).isInstanceOf(KeyState.Begun.class);
  }

  @Test
  void anAttemptThatAnotherOneFollowedCommitsNothing() {
    String slow = begun();
    clock.advance(Duration.ofSeconds(2));
    String next = begun();
    long before = metastore.read(tx -> tx.databases().get(SPACE.database()).commitSeq());
    assertCode(ErrorCode.COMMIT_OUTCOME_UNKNOWN, () -> commit(slow, table(main(), "t")));
    assertThat(metastore.<Long>read(tx -> tx.databases().get(SPACE.database()).commitSeq()))
        .isEqualTo(before);
    commit(next, table(main(), "t"));
    assertThat(begin("f")).isInstanceOf(KeyState.Done.class);
    assertThat(
            metastore.<Boolean>write(
                tx -> tx.idempotency().answered(key, slow, new KeyState.Answered(409, "late"))))
        .isFalse();
  }

  @Test
  void keysAreForgottenAfterTheirLifetimeAndNotBefore() {
    String attempt = begun();
    metastore.write(
        tx -> tx.idempotency().answered(key, attempt, new KeyState.Answered(404, "no")));
    assertThat(begin("f")).isEqualTo(new KeyState.Answered(404, "no"));
    assertThat(metastore.<Long>read(tx -> tx.idempotency().count(key.principal(), SPACE))).isOne();
    clock.advance(Duration.ofSeconds(59));
    assertThat(metastore.<Integer>write(tx -> tx.idempotency().deleteExpired())).isZero();
    clock.advance(Duration.ofSeconds(2));
    assertThat(metastore.<Integer>write(tx -> tx.idempotency().deleteExpired())).isOne();
    assertThat(begin("g")).isInstanceOf(KeyState.Begun.class);
    assertThat(metastore.<Integer>write(tx -> tx.idempotency().releaseAll())).isOne();
  }
}
