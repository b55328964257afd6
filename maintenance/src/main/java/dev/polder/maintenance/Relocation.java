package dev.polder.maintenance;

import dev.polder.lake.Heartbeat;
import dev.polder.lake.Lake;
import dev.polder.lake.lineage.SnapshotFiles;
import dev.polder.lake.lineage.TenantMoves;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.job.Job;
import dev.polder.metastore.job.JobPlace;
import dev.polder.metastore.lineage.MovePhase;
import dev.polder.metastore.lineage.TenantMove;
import dev.polder.model.ErrorCode;
import dev.polder.model.JobId;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.SpaceKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Brings the move of a tenant to its end, phase by phase: while its statement waits, or as a job,
 * when the statement's server died. The rule: forward from the phase that is written down. What
 * fails before the cutover, such as a preflight that does not hold any more, is undone, with the
 * reason in the job and in the audit trail; what fails after it is tried again. Thread-safe.
 */
public final class Relocation {
  public static final String KIND = "move_tenant";

  private static final long PAUSE_MILLIS = 20;

  private final Metastore metastore;
  private final Lake lake;
  private final SpaceSessions sessions;

  public Relocation(Metastore metastore, Lake lake, SpaceSessions sessions) {
    this.metastore = metastore;
    this.lake = lake;
    this.sessions = sessions;
  }

  /** Takes the space, in the transaction of the caller, who is to {@link #finish} the move. */
  public static StatementJob begin(
      MetastoreTransaction tx, SpaceKey source, SpaceKey target, PrincipalName by, Duration drain) {
    StatementJob job =
        StatementJob.begin(
            tx,
            KIND,
            source.database() + " " + target.database() + " " + source.tenant(),
            Optional.of(
                new JobPlace(source.database(), Optional.of(source.tenant()), Optional.empty())));
    TenantMoves.begin(tx, job.job().id(), source, target, Optional.of(by), drain);
    return job;
  }

  /**
   * Returns when the tenant is at the target.
   *
   * @param check is called while statements are waited for; what it throws undoes the move
   * @return who owned the source and may only edit the target
   */
  public List<String> finish(StatementJob job, Runnable check) {
    JobLease lease = new JobLease(metastore, job.job().id(), job.owner());
    Progress progress = new Progress(job.job().id(), job.owner(), lease, check);
    try (Heartbeat _ = new Heartbeat(JobLease.LENGTH.dividedBy(4), lease::beat)) {
      progress.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PolderException(
          ErrorCode.STATEMENT_CANCELLED, "the server stops; the move goes on later", e);
    }
    return progress.lowered;
  }

  /** In the background: goes on where another server was cut off. */
  void run(Job job, JobLease lease) throws InterruptedException {
    new Progress(job.id(), job.leaseOwner().orElseThrow(), lease, () -> {}).run();
  }

  private static String json(MovePhase phase) {
    return "{\"phase\":\"" + phase.word() + "\"}";
  }

  /** One server's way through the phases of one move. For one thread. */
  private final class Progress {
    private final JobId job;
    private final String owner;
    private final JobLease lease;
    private final Runnable check;
    private List<String> lowered = List.of();

    Progress(JobId job, String owner, JobLease lease, Runnable check) {
      this.job = job;
      this.owner = owner;
      this.lease = lease;
      this.check = check;
    }

    void run() throws InterruptedException {
      Optional<TenantMove> move = metastore.read(tx -> tx.moves().find(job));
      move.ifPresent(found -> lease.report(json(found.phase())));
      try {
        while (move.isPresent()) {
          move = step(move.get());
        }
      } catch (RuntimeException e) {
        if (undo(e)) {
          throw e;
        }
        again(e);
      }
    }

    private Optional<TenantMove> step(TenantMove move) throws InterruptedException {
      switch (move.phase()) {
        case PREFLIGHT -> write(MovePhase.DRAIN, tx -> TenantMoves.preflight(tx, move));
        case DRAIN -> {
          drain(move);
          write(MovePhase.SNAPSHOT, tx -> TenantMoves.drained(tx, move));
        }
        case SNAPSHOT -> {
          snapshot(move);
          write(MovePhase.CUTOVER, tx -> TenantMoves.snapshotted(tx, move));
        }
        case CUTOVER -> lowered = write(MovePhase.RESUME, tx -> TenantMoves.cutOver(tx, move));
        case RESUME -> {
          sessions.close(move.source());
          write(
              MovePhase.RESUME,
              tx -> {
                tx.moves().end(move.source());
                return tx.jobs().complete(job, owner);
              });
        }
      }
      return metastore.read(tx -> tx.moves().find(job));
    }

    /** Only whoever holds the job goes on; the next phase is seen in it with the same commit. */
    private <T> T write(MovePhase next, Metastore.Work<T> work) {
      lease.report(json(next));
      return metastore.write(tx -> {
        if (!lease.hold(tx)) {
          throw new PolderException(
              ErrorCode.CUTOVER_FAILED,
              "another server has taken the move up; SHOW JOBS tells how far it is");
        }
        return work.run(tx);
      });
    }

    private void drain(TenantMove move) throws InterruptedException {
      long end = System.nanoTime() + move.drain().toNanos();
      List<String> busy = sessions.busy(move.source());
      while (!busy.isEmpty()) {
        if (System.nanoTime() > end) {
          throw new PolderException(
              ErrorCode.DRAIN_TIMEOUT,
              busy.size()
                  + " statements of tenant '"
                  + move.source().tenant()
                  + "' still ran after "
                  + move.drain().toSeconds()
                  + " s, such as in session "
                  + busy.getFirst()
                  + "; nothing was changed; end them with KILL QUERY, or try again later");
        }
        check.run();
        lease.check();
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        busy = sessions.busy(move.source());
      }
    }

    private void snapshot(TenantMove move) {
      List<String> files = metastore.read(tx -> TenantMoves.snapshot(tx, move));
      SnapshotFiles.requireAll(lake.warehouse(), files);
    }

    /**
     * False: there is nothing to undo, for the tenant is at the target.
     *
     * @return true also when the move is another server's now
     */
    private boolean undo(RuntimeException failure) {
      try {
        return metastore.write(tx -> {
          Optional<TenantMove> move = tx.moves().find(job);
          if (move.isPresent() && move.get().phase() == MovePhase.RESUME) {
            return false;
          }
          String reason = String.valueOf(failure.getMessage());
          if (move.isPresent() && lease.hold(tx)) {
            TenantMoves.undo(tx, move.get(), reason);
            tx.jobs().fail(job, owner, reason);
          }
          return true;
        });
      } catch (PolderException e) {
        failure.addSuppressed(e);
        return true;
      }
    }

    /** What is left to do after the cutover is done in the background. */
    private void again(RuntimeException failure) {
      metastore.write(
          tx -> tx.jobs().retry(job, owner, String.valueOf(failure.getMessage()), tx.now()));
    }
  }
}
