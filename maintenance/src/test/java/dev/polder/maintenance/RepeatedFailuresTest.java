package dev.polder.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.model.DatabaseId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RepeatedFailuresTest {
  private static final DatabaseId MIRROR = new DatabaseId(1024);
  private static final Duration LONGEST = RepeatedFailures.LONGEST;

  private final AtomicLong clock = new AtomicLong(-7);
  private final RepeatedFailures failures = new RepeatedFailures("cannot follow", clock::get);

  private Optional<String> fail(String error) {
    return failures.failed(MIRROR, error, LONGEST);
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  /** How long it is not tried. */
  private Duration pause() {
    Duration waited = Duration.ZERO;
    while (!failures.mayTry(MIRROR)) {
      pass(Duration.ofSeconds(1));
      waited = waited.plusSeconds(1);
    }
    return waited;
  }

  @Test
  void it_is_tried_again_each_time_twice_as_late_up_to_a_limit() {
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      fail("no answer");
      pauses.add(pause().toSeconds());
    }
    assertThat(pauses).startsWith(1L, 2L, 4L, 8L, 16L, 30L, 30L).endsWith(30L);
    failures.failed(MIRROR, "no answer", Duration.ofSeconds(5));
    assertThat(pause()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void success_begins_anew() {
    fail("no answer");
    fail("no answer");
    assertThat(failures.succeeded(MIRROR)).isEqualTo(2);
    assertThat(failures.succeeded(MIRROR)).isZero();
    assertThat(failures.mayTry(MIRROR)).isTrue();
    assertThat(fail("no answer")).isPresent();
    assertThat(pause()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void what_was_done_about_it_lets_it_be_tried_at_once() {
    for (int i = 0; i < 6; i++) {
      fail("no token");
    }
    assertThat(failures.mayTry(MIRROR)).isFalse();
    failures.hurry(MIRROR);
    assertThat(failures.mayTry(MIRROR)).isTrue();
    assertThat(fail("no token")).isEmpty();
    assertThat(pause()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void the_first_failure_and_each_other_reason_are_told_and_then_a_count_now_and_then() {
    assertThat(fail("no answer")).contains("mirror 1024 cannot follow: no answer");
    assertThat(fail("no answer")).isEmpty();
    assertThat(fail("no token"))
        .contains("mirror 1024 cannot follow, 2 times since this was told last: no token");
    pass(RepeatedFailures.TOLD_AGAIN.minusSeconds(1));
    assertThat(fail("no token")).isEmpty();
    assertThat(fail("no token")).isEmpty();
    pass(Duration.ofSeconds(1));
    assertThat(fail("no token"))
        .contains("mirror 1024 still cannot follow, 3 times since this was told last: no token");
    assertThat(fail("no token")).isEmpty();
  }

  @Test
  void mirrors_fail_apart_and_are_forgotten_with_their_end() {
    fail("no answer");
    assertThat(failures.mayTry(new DatabaseId(1025))).isTrue();
    failures.retain(Set.of(new DatabaseId(1025)));
    assertThat(failures.mayTry(MIRROR)).isTrue();
    assertThat(fail("no answer")).isPresent();
  }
}
