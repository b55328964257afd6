package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.job.Job;
import dev.polder.metastore.job.JobPlace;
import dev.polder.metastore.job.JobState;
import dev.polder.model.DatabaseId;
import dev.polder.model.JobId;
import dev.polder.model.PrincipalId;
import dev.polder.model.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobTest extends Contract {
  private static final long LEASE = 1_000_000;

  private JobId enqueue() {
    return metastore.write(tx -> tx.jobs().enqueue("compact", "{}", tx.now())).id();
  }

  private Optional<Job> claim(String owner) {
    return metastore.write(tx -> tx.jobs().claim(owner, List.of("compact", "expire"), LEASE));
  }

  private Job find(JobId id) {
    return metastore.read(tx -> tx.jobs().find(id)).orElseThrow();
  }

  @Test
  void oneServerGetsAJobAndAnotherOnlyAfterItsLease() {
    JobId id = enqueue();
    assertThat(claim("a")).map(Job::id).contains(id);
    assertThat(claim("b")).isEmpty();
    clock.advance(Duration.ofSeconds(2));
    assertThat(claim("b")).map(Job::attempts).contains(2);
    assertThat(metastore.write((MetastoreTransaction tx) -> tx.jobs().complete(id, "a"))).isFalse();
    assertThat(
            metastore.write((MetastoreTransaction tx) -> tx.jobs().heartbeat(id, "a", LEASE, "{}")))
        .isEmpty();
    assertThat(metastore.write((MetastoreTransaction tx) -> tx.jobs().complete(id, "b"))).isTrue();
    assertThat(find(id).state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(claim("c")).isEmpty();
  }

  @Test
  void aHeartbeatKeepsTheLeaseAndTellsOfACancel() {
    JobId id = enqueue();
    claim("a");
    clock.advance(Duration.ofMillis(900));
    metastore.write(tx -> tx.jobs().heartbeat(id, "a", LEASE, "{\"done\":1}"));
    clock.advance(Duration.ofMillis(900));
    assertThat(claim("b")).isEmpty();
    assertThat(metastore.write((MetastoreTransaction tx) -> tx.jobs().cancel(id))).isTrue();
    assertThat(
            metastore.write((MetastoreTransaction tx) -> tx.jobs().heartbeat(id, "a", LEASE, "{}")))
        .map(Job::cancelRequested)
        .contains(true);
    assertThat(metastore.write((MetastoreTransaction tx) -> tx.jobs().cancelled(id, "a"))).isTrue();
    assertThat(metastore.write((MetastoreTransaction tx) -> tx.jobs().cancel(id))).isFalse();
  }

  @Test
  void aQueuedJobIsCancelledAtOnceAndAFailedOneRetriedWhenDue() {
    JobId cancelled = enqueue();
    metastore.write(tx -> tx.jobs().cancel(cancelled));
    assertThat(find(cancelled).state()).isEqualTo(JobState.CANCELLED);
    JobId id = enqueue();
    claim("a");
    metastore.write(tx -> tx.jobs().retry(id, "a", "disk full", tx.now() + LEASE));
    assertThat(claim("a")).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    assertThat(claim("a")).flatMap(Job::error).contains("disk full");
    metastore.write(tx -> tx.jobs().fail(id, "a", "again"));
    assertThat(find(id).state()).isEqualTo(JobState.FAILED);
  }

  private JobId enqueue(DatabaseId database, Optional<TenantId> tenant, String principal) {
    return metastore
        .write(tx ->
            tx.jobs()
                .enqueue(
                    new JobId(tx.newId().toString()),
                    "purge",
                    "{}",
                    Optional.of(
                        new JobPlace(database, tenant, Optional.of(new PrincipalId(principal)))),
                    tx.now()))
        .id();
  }

  private List<JobId> list(Optional<String> by, Optional<JobState> state) {
    return metastore.read(tx ->
        tx
            .jobs()
            .list(SPACE, by.map(PrincipalId::new), state, Optional.empty(), 10)
            .items()
            .stream()
            .map(Job::id)
            .toList());
  }

  @Test
  void aDatabasesJobsAreListedByTenantPrincipalAndState() {
    enqueue();
    enqueue(new DatabaseId(77), Optional.empty(), "a");
    enqueue(SPACE.database(), Optional.of(new TenantId("other")), "a");
    JobId first = enqueue(SPACE.database(), Optional.of(SPACE.tenant()), "a");
    JobId second = enqueue(SPACE.database(), Optional.empty(), "b");
    assertThat(list(Optional.empty(), Optional.empty())).containsExactlyInAnyOrder(first, second);
    assertThat(list(Optional.of("b"), Optional.empty())).containsExactly(second);
    metastore.write(tx -> tx.jobs().cancel(first));
    assertThat(list(Optional.empty(), Optional.of(JobState.CANCELLED))).containsExactly(first);
    assertThat(find(second).place().orElseThrow().tenant()).isEmpty();
  }
}
