package dev.polder.engine.internal.catalog;

import dev.polder.engine.catalog.CatalogTask;
import dev.polder.engine.catalog.NamePage;
import dev.polder.maintenance.Purge;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.job.Job;
import dev.polder.metastore.job.JobState;
import dev.polder.model.ErrorCode;
import dev.polder.model.JobId;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.policy.DatabaseOperation;
import dev.polder.policy.admin.DatabaseGate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Background work in a space's database: all of it for who may see what goes on there, else what
 * one asked for oneself. Thread-safe.
 */
record TaskCalls(CatalogScope scope) {
  NamePage<CatalogTask> list(Optional<CatalogTask.State> state, Optional<String> after, int limit) {
    return scope.read(
        "LIST TASKS",
        "",
        (tx, _) -> {
          Optional<JobState> wanted = state.map(it -> JobState.valueOf(it.name()));
          Optional<PrincipalId> by = observes(tx) ? Optional.empty() : Optional.of(me());
          List<CatalogTask> tasks = new ArrayList<>();
          Optional<String> from = after;
          do {
            Page<Job> page = tx.jobs().list(scope.space(), by, wanted, from, limit - tasks.size());
            page.items().forEach(job -> tasks.add(task(tx, job)));
            from = page.next();
          } while (from.isPresent() && tasks.size() < limit);
          return new NamePage<>(tasks, from);
        });
  }

  CatalogTask get(JobId id) {
    return scope.read("LOAD TASK", id.value(), (tx, _) -> task(tx, find(tx, id)));
  }

  void cancel(JobId id) {
    scope.write(
        "CANCEL TASK",
        id.value(),
        (tx, _) -> {
          Job job = find(tx, id);
          if (!job.kind().equals(Purge.KIND)) {
            throw new PolderException(
                ErrorCode.NOT_SUPPORTED,
                "a task of the kind " + job.kind() + " cannot be cancelled here");
          }
          if (!tx.jobs().cancel(id)) {
            throw new PolderException(ErrorCode.TASK_ENDED, "task " + id + " has ended already");
          }
          tx.audit()
              .append(
                  new AuditEvent(
                      Optional.of(scope.space().database()),
                      Optional.of(scope.identity().name()),
                      Optional.of(scope.space().tenant()),
                      EventType.TASK_CANCELLED,
                      Optional.of(Purge.table(job.payload())),
                      AuditOutcome.SUCCESS,
                      AuditEvent.detail(Map.of("kind", job.kind(), "task", id.value()))));
          scope.complete(tx, "");
          return true;
        });
  }

  private boolean observes(MetastoreTransaction tx) {
    return DatabaseOperation.OBSERVE
        .decide(
            DatabaseGate.of(tx, scope.identity(), scope.space().tenant())
                .standings(scope.space().database()))
        .allowed();
  }

  private PrincipalId me() {
    return scope.identity().id();
  }

  private Job find(MetastoreTransaction tx, JobId id) {
    return tx.jobs()
        .find(id)
        .filter(job ->
            job.place()
                .filter(place -> place.database().equals(scope.space().database()))
                .filter(place ->
                    place.tenant().filter(it -> !it.equals(scope.space().tenant())).isEmpty())
                .filter(place -> place.principal().filter(me()::equals).isPresent() || observes(tx))
                .isPresent())
        .orElseThrow(
            () -> new PolderException(ErrorCode.TASK_NOT_FOUND, "task " + id + " does not exist"));
  }

  private static CatalogTask task(MetastoreTransaction tx, Job job) {
    return new CatalogTask(
        job.id(),
        job.kind(),
        CatalogTask.State.valueOf(job.state().name()),
        job.kind().equals(Purge.KIND) ? Purge.table(job.payload()) : "",
        job.place()
            .flatMap(place -> place.principal())
            .flatMap(tx.principals()::find)
            .map(principal -> principal.name().value()),
        job.progress(),
        job.attempts(),
        job.error(),
        job.cancelRequested(),
        job.createdAt(),
        job.runAt(),
        job.finishedAt());
  }
}
