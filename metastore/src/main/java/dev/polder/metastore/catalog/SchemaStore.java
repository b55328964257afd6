package dev.polder.metastore.catalog;

import dev.polder.metastore.Page;
import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The schemas of spaces, now and as of a commit. They are created, renamed and dropped by commits.
 * Bound to one transaction.
 */
public final class SchemaStore {
  private static final String COLUMNS =
      "id, database_id, tenant, name, properties, created_seq, dropped_seq";

  private final Transaction tx;

  public SchemaStore(Transaction tx) {
    this.tx = tx;
  }

  /** Finds dropped ones too. */
  public Optional<Schema> find(SchemaId id) {
    return tx.sql().one("SELECT " + COLUMNS + " FROM schema_ WHERE id = ?", SchemaStore::map, id);
  }

  public Optional<Schema> find(SpaceKey space, SchemaName name) {
    return tx.sql()
        .one(
            "SELECT "
                + COLUMNS
                + " FROM schema_ WHERE database_id = ? AND tenant = ? AND name_key = ?"
                + " AND dropped_seq IS NULL",
            SchemaStore::map,
            space.database(),
            space.tenant(),
            name.key());
  }

  public Schema get(SpaceKey space, SchemaName name) {
    return find(space, name)
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.SCHEMA_NOT_FOUND, "schema '" + name + "' does not exist"));
  }

  /** Live ones by name, without regard to case. */
  public Page<Schema> list(SpaceKey space, Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT "
                    + COLUMNS
                    + " FROM schema_ WHERE database_id = ? AND tenant = ? AND name_key > ?"
                    + " AND dropped_seq IS NULL ORDER BY name_key LIMIT ?",
                SchemaStore::map,
                space.database(),
                space.tenant(),
                after.orElse(""),
                Page.probe(limit)),
        limit,
        schema -> schema.name().key());
  }

  /** The schemas that existed after the commit, by name. */
  public List<VersionedSchema> schemasAsOf(SpaceKey space, long seq) {
    return tx.sql()
        .list(
            "SELECT s.id, s.database_id, s.tenant, v.name, v.seq FROM schema_ s JOIN"
                + " schema_version v ON v.schema_id = s.id AND v.seq = (SELECT MAX(l.seq) FROM"
                + " schema_version l WHERE l.schema_id = s.id AND l.seq <= ?) WHERE s.database_id"
                + " = ? AND s.tenant = ? AND v.dropped = 0 ORDER BY v.name_key",
            row ->
                new VersionedSchema(
                    new SchemaId(row.text()),
                    row.space(),
                    new SchemaName(row.text()),
                    row.integer()),
            seq,
            space.database(),
            space.tenant());
  }

  public void setProperties(SchemaId id, Map<String, String> properties) {
    find(id).ifPresent(schema -> tx.mirrors().requireWritable(schema.space().database()));
    writeProperties(id, properties);
  }

  /** Also in a mirror. */
  public void writeProperties(SchemaId id, Map<String, String> properties) {
    int changed =
        tx.sql()
            .update(
                "UPDATE schema_ SET properties = ? WHERE id = ? AND dropped_seq IS NULL",
                properties,
                id);
    if (changed == 0) {
      throw new PolderException(ErrorCode.SCHEMA_NOT_FOUND, "schema " + id + " does not exist");
    }
  }

  private static Schema map(Row row) throws SQLException {
    return new Schema(
        new SchemaId(row.text()),
        row.space(),
        new SchemaName(row.text()),
        row.properties(),
        row.integer(),
        row.optionalInteger());
  }
}
