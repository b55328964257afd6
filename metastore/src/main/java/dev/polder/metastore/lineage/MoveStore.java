package dev.polder.metastore.lineage;

import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.JobId;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.SpaceKey;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The moves that are going on. Until its cutover nobody but the move writes to the space; a move
 * whose job has ended counts no more. Bound to one transaction.
 */
public final class MoveStore {
  private static final String SELECT =
      "SELECT source_id, tenant, target_id, job_id, phase, started_by, started_at, drain_millis FROM"
          + " tenant_move WHERE EXISTS (SELECT 1 FROM job j WHERE j.id = job_id AND j.finished_at"
          + " IS NULL) AND ";

  private final Transaction tx;

  public MoveStore(Transaction tx) {
    this.tx = tx;
  }

  /** Takes the space; refused with {@code TENANT_MOVING} while another move holds it. */
  public TenantMove begin(
      SpaceKey source,
      DatabaseId target,
      JobId job,
      Optional<PrincipalName> startedBy,
      Duration drain) {
    requireNone(source);
    requireNone(new SpaceKey(target, source.tenant()));
    end(source);
    TenantMove move =
        new TenantMove(source, target, job, MovePhase.PREFLIGHT, startedBy, tx.now(), drain);
    tx.sql()
        .update(
            "INSERT INTO tenant_move (source_id, tenant, target_id, job_id, phase, started_by,"
                + " started_at, drain_millis) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            source.database(),
            source.tenant(),
            target,
            job,
            move.phase(),
            startedBy.map(PrincipalName::value).orElse(null),
            move.startedAt(),
            drain.toMillis());
    return move;
  }

  /** Refuses to write to a space that is on its way. */
  public void requireNone(SpaceKey space) {
    find(space)
        .filter(move -> move.phase() != MovePhase.RESUME)
        .ifPresent(move -> {
          throw new PolderException(
              ErrorCode.TENANT_MOVING,
              "tenant '"
                  + space.tenant()
                  + "' is being moved to another database (phase "
                  + move.phase().word()
                  + "); try again when that is done");
        });
  }

  /** Goes on to a phase. */
  public TenantMove advance(TenantMove move, MovePhase next) {
    tx.sql()
        .update(
            "UPDATE tenant_move SET phase = ? WHERE source_id = ? AND tenant = ?",
            next,
            move.source().database(),
            move.source().tenant());
    return find(move.source()).orElseThrow();
  }

  /** Whether it is as the caller knows it: nobody ended it or went on with it. */
  public boolean holds(TenantMove move) {
    return find(move.source()).filter(move::equals).isPresent();
  }

  public void end(SpaceKey source) {
    tx.sql()
        .update(
            "DELETE FROM tenant_move WHERE source_id = ? AND tenant = ?",
            source.database(),
            source.tenant());
  }

  public Optional<TenantMove> find(SpaceKey source) {
    return one("source_id = ? AND tenant = ?", source.database(), source.tenant());
  }

  public Optional<TenantMove> find(JobId job) {
    return one("job_id = ?", job);
  }

  private Optional<TenantMove> one(String condition, @Nullable Object... arguments) {
    return tx.sql().one(SELECT + condition, MoveStore::map, arguments);
  }

  private static TenantMove map(Row row) throws SQLException {
    return new TenantMove(
        row.space(),
        new DatabaseId(row.integer()),
        new JobId(row.text()),
        row.enumeration(MovePhase.class),
        row.optionalText().map(PrincipalName::new),
        row.integer(),
        Duration.ofMillis(row.integer()));
  }
}
