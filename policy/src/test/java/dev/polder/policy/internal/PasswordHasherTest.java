package dev.polder.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import dev.polder.policy.PasswordHashing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PasswordHasherTest {
  private static final PasswordHashing CHEAP = new PasswordHashing(256, 1, 1, 2, 64, 64);

  @Test
  void aHashVerifiesItsOwnPasswordOnly() {
    try (PasswordHasher hasher = new PasswordHasher(PasswordHashing.recommended())) {
      PasswordHash hash = hasher.hash(Secret.of("correct horse"), "test");
      assertThat(hash.phc()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
      assertThat(hasher.verify(Secret.of("correct horse"), hash, "test")).isTrue();
      assertThat(hasher.verify(Secret.of("correct hors"), hash, "test")).isFalse();
      assertThat(hasher.verify(Secret.of("correct horse"), hasher.unknowable(), "test")).isFalse();
    }
  }

  @Test
  void aHashMadeWithOtherParametersStillVerifies() {
    try (PasswordHasher before = new PasswordHasher(CHEAP);
        PasswordHasher after = new PasswordHasher(new PasswordHashing(512, 2, 1, 1, 8, 8))) {
      PasswordHash hash = before.hash(Secret.of("pässwörd"), "test");
      assertThat(after.verify(Secret.of("pässwörd"), hash, "test")).isTrue();
      assertThat(after.verify(Secret.of("password"), hash, "test")).isFalse();
    }
  }

  @Test
  void twoHashesOfOnePasswordDiffer() {
    try (PasswordHasher hasher = new PasswordHasher(CHEAP)) {
      assertThat(hasher.hash(Secret.of("same words"), "test"))
          .isNotEqualTo(hasher.hash(Secret.of("same words"), "test"));
      assertThat(hasher.hash(Secret.of("same words"), "test")).hasToString("***");
    }
  }

  @Test
  void aStormOfLoginsNeverRunsMoreHashesThanItsThreads() throws Exception {
    PasswordHashing two = new PasswordHashing(4096, 2, 1, 2, 64, 64);
    try (PasswordHasher hasher = new PasswordHasher(two);
        ExecutorService logins = Executors.newVirtualThreadPerTaskExecutor()) {
      PasswordHash hash = hasher.hash(Secret.of("storm proof"), "test");
      AtomicBoolean exceeded = new AtomicBoolean();
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        results.add(
            logins.submit(() -> {
              boolean verified = hasher.verify(Secret.of("storm proof"), hash, "test");
              if (hasher.active() > 2) {
                exceeded.set(true);
              }
              return verified;
            }));
      }
      for (Future<Boolean> result : results) {
        assertThat(result.get()).isTrue();
      }
      assertThat(exceeded).isFalse();
    }
  }

  @Test
  void oneAddressCannotFillTheQueueForOthers() throws Exception {
    PasswordHashing narrow = new PasswordHashing(65_536, 3, 1, 1, 8, 3);
    try (PasswordHasher hasher = new PasswordHasher(narrow);
        ExecutorService logins = Executors.newVirtualThreadPerTaskExecutor()) {
      PasswordHash hash = hasher.unknowable();
      List<Future<Boolean>> flood = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        flood.add(logins.submit(() -> hasher.verify(Secret.of("guessed"), hash, "attacker")));
      }
      assertThat(hasher.verify(Secret.of("an honest user"), hash, "elsewhere")).isFalse();
      int refused = 0;
      for (Future<Boolean> attempt : flood) {
        try {
          attempt.get();
        } catch (ExecutionException failed) {
          assertThat(failed.getCause())
              .isInstanceOfSatisfying(
                  PolderException.class,
                  e -> assertThat(e.code()).isEqualTo(ErrorCode.SERVER_BUSY));
          refused++;
        }
      }
      assertThat(refused).isPositive();
    }
  }

  @Test
  void aClosedHasherSaysThatTheServerStops() {
    PasswordHasher hasher = new PasswordHasher(CHEAP);
    hasher.close();
    assertThatThrownBy(() -> hasher.hash(Secret.of("too late now"), "test"))
        .isInstanceOfSatisfying(
            PolderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
  }
}
