package dev.polder.lake.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.metastore.quota.PriorityClass;
import dev.polder.model.PolderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try")
class CommitTurnsTest {
  @Test
  void aCommitOfBulkHasItsTurnAmongCriticalOnes() {
    CommitTurns turns = new CommitTurns(1, Duration.ofMinutes(1));
    List<PriorityClass> taken = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    try (CommitTurns.Turn _ = turns.take(PriorityClass.BULK)) {
      for (int i = 0; i < 40; i++) {
        PriorityClass priority = i == 20 ? PriorityClass.BULK : PriorityClass.CRITICAL;
        threads.add(
            Thread.startVirtualThread(() -> {
              try (CommitTurns.Turn _ = turns.take(priority)) {
                taken.add(priority);
              }
            }));
      }
      Awaitility.await().until(() -> turns.waiting() == 40);
    }
    Awaitility.await().until(() -> threads.stream().noneMatch(Thread::isAlive));
    assertThat(taken).hasSize(40);
    assertThat(taken.indexOf(PriorityClass.BULK)).isBetween(1, 17);
  }

  @Test
  void whoWaitsTooLongIsRefusedAndTakesNoTurn() {
    CommitTurns turns = new CommitTurns(1, Duration.ofMillis(5));
    try (CommitTurns.Turn _ = turns.take(PriorityClass.STANDARD)) {
      assertThatThrownBy(() -> turns.take(PriorityClass.CRITICAL))
          .isInstanceOf(PolderException.class);
      assertThat(turns.waiting()).isZero();
    }
    turns.take(PriorityClass.BULK).close();
  }
}
