package dev.polder.engine.internal.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.duck.Cancellation;
import dev.polder.metastore.quota.PriorityClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final int EACH = 21;

  @Test
  void classesTakeTurnsByTheirWeightsAndBulkIsNeverLeftOut() {
    Admission admission = new Admission(1, 100, Duration.ofMinutes(1));
    List<PriorityClass> admitted = Collections.synchronizedList(new ArrayList<>());
    Admission.Permit first = admission.acquire(new Cancellation(), PriorityClass.STANDARD);
    List<Thread> threads = new ArrayList<>();
    for (PriorityClass priority : PriorityClass.values()) {
      for (int i = 0; i < EACH; i++) {
        threads.add(
            Thread.startVirtualThread(() -> {
              Admission.Permit permit = admission.acquire(new Cancellation(), priority);
              admitted.add(priority);
              permit.close();
            }));
      }
    }
    Awaitility.await().until(() -> admission.waiting() == 3 * EACH);
    first.close();
    Awaitility.await().until(() -> threads.stream().noneMatch(Thread::isAlive));
    List<PriorityClass> round = admitted.subList(0, EACH);
    assertThat(Collections.frequency(round, PriorityClass.CRITICAL)).isEqualTo(16);
    assertThat(Collections.frequency(round, PriorityClass.STANDARD)).isEqualTo(4);
    assertThat(Collections.frequency(round, PriorityClass.BULK)).isEqualTo(1);
    assertThat(admitted).hasSize(3 * EACH);
    assertThat(admission.free()).isEqualTo(1);
  }
}
