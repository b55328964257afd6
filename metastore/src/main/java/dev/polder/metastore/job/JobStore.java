package dev.polder.metastore.job;

import dev.polder.metastore.Page;
import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.DatabaseId;
import dev.polder.model.JobId;
import dev.polder.model.PrincipalId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The queue of background work. A claim gives one server the lease; only its holder reports on the
 * job, and each report fails once the lease went to another. Bound to one transaction.
 */
public final class JobStore {
  private static final String COLUMNS =
      "id, kind, state, payload, progress, lease_owner, lease_until, run_at, attempts,"
          + " cancel_requested, error, created_at, finished_at, database_id, tenant, principal_id";

  private final Transaction tx;

  public JobStore(Transaction tx) {
    this.tx = tx;
  }

  public Job enqueue(String kind, String payload, long runAt) {
    return enqueue(new JobId(tx.newId().toString()), kind, payload, Optional.empty(), runAt);
  }

  public Job enqueue(JobId id, String kind, String payload, Optional<JobPlace> place, long runAt) {
    tx.sql()
        .update(
            "INSERT INTO job (id, kind, state, payload, run_at, attempts, cancel_requested,"
                + " created_at, database_id, tenant, principal_id) VALUES (?, ?, 'QUEUED', ?, ?, 0,"
                + " 0, ?, ?, ?, ?)",
            id,
            kind,
            payload,
            runAt,
            tx.now(),
            place.map(JobPlace::database),
            place.flatMap(JobPlace::tenant),
            place.flatMap(JobPlace::principal));
    return find(id).orElseThrow();
  }

  /** Enqueues unless a job of the kind has not finished yet. */
  public void ensure(String kind, String payload, long runAt) {
    if (!tx.sql().exists("SELECT 1 FROM job WHERE finished_at IS NULL AND kind = ?", kind)) {
      enqueue(kind, payload, runAt);
    }
  }

  /** Writes down work that the owner has begun by itself; if it dies, the job goes to another. */
  public Job start(
      String kind, String payload, Optional<JobPlace> place, String owner, long leaseMicros) {
    Job job = enqueue(new JobId(tx.newId().toString()), kind, payload, place, tx.now());
    tx.sql()
        .update(
            "UPDATE job SET state = 'RUNNING', lease_owner = ?, lease_until = ?, attempts = 1"
                + " WHERE id = ?",
            owner,
            tx.now() + leaseMicros,
            job.id());
    return find(job.id()).orElseThrow();
  }

  public Optional<Job> find(JobId id) {
    return tx.sql().one("SELECT " + COLUMNS + " FROM job WHERE id = ?", JobStore::map, id);
  }

  /** All jobs in the order of their creation. */
  public Page<Job> list(Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT " + COLUMNS + " FROM job WHERE id > ? ORDER BY id LIMIT ?",
                JobStore::map,
                after.orElse(""),
                Page.probe(limit)),
        limit,
        job -> job.id().value());
  }

  /**
   * A database's jobs in the order of their creation.
   *
   * @param by whose alone; empty: all
   */
  public Page<Job> list(
      SpaceKey space,
      Optional<PrincipalId> by,
      Optional<JobState> state,
      Optional<String> after,
      int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT "
                    + COLUMNS
                    + " FROM job WHERE database_id = ? AND id > ? AND (tenant IS NULL OR tenant ="
                    + " ?) AND (principal_id = ? OR ? = '') AND (state = ? OR ? = '') ORDER BY id"
                    + " LIMIT ?",
                JobStore::map,
                space.database(),
                after.orElse(""),
                space.tenant(),
                by.map(PrincipalId::value).orElse(""),
                by.map(PrincipalId::value).orElse(""),
                state.map(JobState::name).orElse(""),
                state.map(JobState::name).orElse(""),
                Page.probe(limit)),
        limit,
        job -> job.id().value());
  }

  /**
   * Gives the owner a due job of one of the kinds, if there is one: the longest due that is queued,
   * or whose lease ended.
   */
  public Optional<Job> claim(String owner, Collection<String> kinds, long leaseMicros) {
    Optional<JobId> due =
        kinds.stream()
            .flatMap(kind -> due(kind).stream())
            .min(Comparator.comparingLong(Job::runAt))
            .map(Job::id);
    due.ifPresent(id ->
        tx.sql()
            .update(
                "UPDATE job SET state = 'RUNNING', lease_owner = ?, lease_until = ?, attempts ="
                    + " attempts + 1 WHERE id = ?",
                owner,
                tx.now() + leaseMicros,
                id));
    return due.flatMap(this::find);
  }

  private Optional<Job> due(String kind) {
    return tx.sql()
        .one(
            "SELECT "
                + COLUMNS
                + " FROM job WHERE finished_at IS NULL AND kind = ? AND run_at <= ? AND"
                + " (lease_until IS NULL OR lease_until <= ?) ORDER BY run_at, id LIMIT 1",
            JobStore::map,
            kind,
            tx.now(),
            tx.now());
  }

  /** Keeps the lease and shows progress. Empty: the lease went to another, so stop. */
  public Optional<Job> heartbeat(JobId id, String owner, long leaseMicros, String progress) {
    boolean held =
        report(
            "UPDATE job SET lease_until = ?, progress = ?",
            id,
            owner,
            tx.now() + leaseMicros,
            progress);
    return held ? find(id) : Optional.empty();
  }

  /** False: the lease went to another. */
  public boolean complete(JobId id, String owner) {
    return report(
        "UPDATE job SET state = 'SUCCEEDED', lease_until = NULL, finished_at = ?",
        id,
        owner,
        tx.now());
  }

  /** False: the lease went to another. */
  public boolean fail(JobId id, String owner, String error) {
    return report(
        "UPDATE job SET state = 'FAILED', lease_until = NULL, error = ?, finished_at = ?",
        id,
        owner,
        error,
        tx.now());
  }

  /** Puts a failed attempt back into the queue. False: the lease went to another. */
  public boolean retry(JobId id, String owner, String error, long runAt) {
    return report(
        "UPDATE job SET state = 'QUEUED', lease_owner = NULL, lease_until = NULL, error = ?,"
            + " run_at = ?",
        id,
        owner,
        error,
        runAt);
  }

  /** Ends one round of work that comes again. False: the lease went to another. */
  public boolean again(JobId id, String owner, long runAt) {
    return report(
        "UPDATE job SET state = 'QUEUED', lease_owner = NULL, lease_until = NULL, error = NULL,"
            + " attempts = 0, run_at = ?",
        id,
        owner,
        runAt);
  }

  /** The holder's answer to a request to cancel. False: the lease went to another. */
  public boolean cancelled(JobId id, String owner) {
    return report(
        "UPDATE job SET state = 'CANCELLED', lease_until = NULL, finished_at = ?",
        id,
        owner,
        tx.now());
  }

  private boolean report(String update, JobId id, String owner, @Nullable Object... values) {
    @Nullable Object[] arguments = Arrays.copyOf(values, values.length + 2);
    arguments[values.length] = id;
    arguments[values.length + 1] = owner;
    return tx.sql()
            .update(update + " WHERE id = ? AND lease_owner = ? AND finished_at IS NULL", arguments)
        == 1;
  }

  /**
   * Cancels a queued job at once and asks the holder of a running one to stop. False: it has
   * finished already or does not exist.
   */
  public boolean cancel(JobId id) {
    int queued =
        tx.sql()
            .update(
                "UPDATE job SET state = 'CANCELLED', cancel_requested = 1, finished_at = ? WHERE"
                    + " id = ? AND state = 'QUEUED'",
                tx.now(),
                id);
    return queued == 1
        || tx.sql()
                .update(
                    "UPDATE job SET cancel_requested = 1 WHERE id = ? AND state = 'RUNNING'", id)
            == 1;
  }

  public int deleteFinished(long before) {
    return tx.sql().update("DELETE FROM job WHERE finished_at < ?", before);
  }

  private static Job map(Row row) throws SQLException {
    return new Job(
        new JobId(row.text()),
        row.text(),
        row.enumeration(JobState.class),
        row.text(),
        row.optionalText(),
        row.optionalText(),
        row.optionalInteger(),
        row.integer(),
        Math.toIntExact(row.integer()),
        row.flag(),
        row.optionalText(),
        row.integer(),
        row.optionalInteger(),
        place(row));
  }

  private static Optional<JobPlace> place(Row row) throws SQLException {
    OptionalLong database = row.optionalInteger();
    Optional<String> tenant = row.optionalText();
    Optional<String> principal = row.optionalText();
    return database.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new JobPlace(
                new DatabaseId(database.getAsLong()),
                tenant.map(TenantId::new),
                principal.map(PrincipalId::new)));
  }
}
