package dev.polder.metastore.lineage;

import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The moves that are going on. While one is, only its holder writes to the space; a holder that
 * died loses it when it expires. Bound to one transaction.
 */
public final class MoveStore {
  private static final String COLUMNS =
      "SELECT source_id, tenant, target_id, id, expires_at FROM tenant_move WHERE expires_at > ?";

  private final Transaction tx;

  public MoveStore(Transaction tx) {
    this.tx = tx;
  }

  /** Takes the space; refused with {@code TENANT_MOVING} while another move holds it. */
  public TenantMove begin(SpaceKey source, DatabaseId target, long lengthMicros) {
    requireNone(source);
    requireNone(new SpaceKey(target, source.tenant()));
    end(source);
    TenantMove move =
        new TenantMove(source, target, tx.newId().toString(), tx.now() + lengthMicros);
    tx.sql()
        .update(
            "INSERT INTO tenant_move (source_id, tenant, target_id, id, expires_at) VALUES (?, ?, ?,"
                + " ?, ?)",
            source.database(),
            source.tenant(),
            target,
            move.id(),
            move.expiresAt());
    return move;
  }

  /** Refuses to write to a space that is on its way. */
  public void requireNone(SpaceKey space) {
    if (find(space).isPresent()) {
      throw new PolderException(
          ErrorCode.TENANT_MOVING,
          "tenant '"
              + space.tenant()
              + "' is being moved to another database; try again when that is done");
    }
  }

  /** False: it expired or is another's. */
  public boolean holds(TenantMove move) {
    return find(move.source()).filter(held -> held.id().equals(move.id())).isPresent();
  }

  public void end(SpaceKey source) {
    tx.sql()
        .update(
            "DELETE FROM tenant_move WHERE source_id = ? AND tenant = ?",
            source.database(),
            source.tenant());
  }

  public Optional<TenantMove> find(SpaceKey source) {
    return tx.sql()
        .one(
            COLUMNS + " AND source_id = ? AND tenant = ?",
            MoveStore::map,
            tx.now(),
            source.database(),
            source.tenant());
  }

  private static TenantMove map(Row row) throws SQLException {
    SpaceKey source = row.space();
    return new TenantMove(source, new DatabaseId(row.integer()), row.text(), row.integer());
  }
}
