package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.quota.PriorityClass;
import dev.polder.metastore.quota.Turns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
  @Test
  void bulkHasItsTurnAmongCriticalOnes() throws Exception {
    Turns turns = new Turns(1);
    Turns.Place last = turns.enter(PriorityClass.BULK, 0).orElseThrow();
    List<Turns.Place> critical = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      critical.add(turns.enter(PriorityClass.CRITICAL, 40).orElseThrow());
    }
    Turns.Place bulk = turns.enter(PriorityClass.BULK, 1).orElseThrow();
    int before = 0;
    last.close();
    while (!bulk.await(Duration.ZERO)) {
      Turns.Place now = critical.get(before++);
      assertThat(now.await(Duration.ZERO)).isTrue();
      now.close();
    }
    assertThat(before).isBetween(1, 16);
    bulk.close();
    critical.forEach(Turns.Place::close);
    assertThat(turns.free()).isEqualTo(1);
    assertThat(turns.waiting()).isZero();
  }

  @Test
  void whoGivesUpTakesNoTurnAndWhoDoesNotFitDoesNotWait() throws Exception {
    Turns turns = new Turns(1);
    Turns.Place first = turns.enter(PriorityClass.STANDARD, 0).orElseThrow();
    Turns.Place second = turns.enter(PriorityClass.STANDARD, 1).orElseThrow();
    assertThat(turns.enter(PriorityClass.STANDARD, 1)).isEmpty();
    assertThat(second.await(Duration.ofMillis(1))).isFalse();
    second.close();
    first.close();
    first.close();
    assertThat(turns.free()).isEqualTo(1);
  }
}
