package dev.polder.metastore.catalog;

import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.PrincipalId;
import dev.polder.model.SchemaId;
import java.util.List;

/**
 * Places that were given out for tables which are not committed yet. A row says what its time says:
 * old ones go when new ones come. Bound to one transaction.
 */
public final class StagedTableStore {
  private final Transaction tx;

  public StagedTableStore(Transaction tx) {
    this.tx = tx;
  }

  /**
   * Notes a place.
   *
   * @param key the table's name without regard to case
   * @param since rows of before this time, in microseconds, are forgotten
   */
  public void add(String location, SchemaId schema, String key, PrincipalId by, long since) {
    tx.sql().update("DELETE FROM staged_table WHERE staged_at < ?", since);
    tx.sql()
        .update(
            "INSERT INTO staged_table (location, schema_id, name_key, principal_id, staged_at)"
                + " VALUES (?, ?, ?, ?, ?)",
            location,
            schema,
            key,
            by,
            tx.now());
  }

  /** The places that a principal was given for tables of a name, the newest first. */
  public List<String> locations(SchemaId schema, String key, PrincipalId by, long since) {
    return tx.sql()
        .list(
            "SELECT location FROM staged_table WHERE schema_id = ? AND name_key = ? AND"
                + " principal_id = ? AND staged_at >= ? ORDER BY staged_at DESC, location",
            Row::text,
            schema,
            key,
            by,
            since);
  }
}
