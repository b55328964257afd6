package dev.polder.metastore.internal;

import dev.polder.metastore.catalog.Schema;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import java.util.Map;
import java.util.Optional;

/** Changes schemas as part of a commit, and writes their history. Bound to one transaction. */
public final class SchemaWriter {
  private final Transaction tx;

  public SchemaWriter(Transaction tx) {
    this.tx = tx;
  }

  public void create(
      SchemaId id,
      SpaceKey space,
      SchemaName name,
      Map<String, String> properties,
      long seq,
      long committedAt) {
    if (tx.schemas().find(space, name).isPresent()) {
      throw exists(name);
    }
    tx.sql()
        .update(
            "INSERT INTO schema_ (id, database_id, tenant, name, name_key, properties,"
                + " created_seq) VALUES (?, ?, ?, ?, ?, ?, ?)",
            id,
            space.database(),
            space.tenant(),
            name,
            name.key(),
            properties,
            seq);
    version(id, space, name, seq, committedAt, false);
  }

  public void rename(SpaceKey space, SchemaId id, SchemaName name, long seq, long committedAt) {
    live(space, id);
    Optional<Schema> holder = tx.schemas().find(space, name);
    if (holder.isPresent() && !holder.get().id().equals(id)) {
      throw exists(name);
    }
    tx.sql().update("UPDATE schema_ SET name = ?, name_key = ? WHERE id = ?", name, name.key(), id);
    version(id, space, name, seq, committedAt, false);
  }

  public void drop(SpaceKey space, SchemaId id, long seq, long committedAt) {
    Schema schema = live(space, id);
    if (tx.sql()
        .exists("SELECT 1 FROM collection WHERE schema_id = ? AND dropped_seq IS NULL", id)) {
      throw new PolderException(
          ErrorCode.SCHEMA_NOT_EMPTY,
          "schema '" + schema.name() + "' still has tables or views; drop them first");
    }
    tx.sql().update("UPDATE schema_ SET dropped_seq = ? WHERE id = ?", seq, id);
    version(id, space, schema.name(), seq, committedAt, true);
  }

  private Schema live(SpaceKey space, SchemaId id) {
    return tx.schemas()
        .find(id)
        .filter(schema -> schema.droppedSeq().isEmpty() && schema.space().equals(space))
        .orElseThrow(() ->
            new PolderException(ErrorCode.SCHEMA_NOT_FOUND, "schema " + id + " does not exist"));
  }

  private void version(
      SchemaId id, SpaceKey space, SchemaName name, long seq, long committedAt, boolean dropped) {
    tx.sql()
        .update(
            "INSERT INTO schema_version (schema_id, seq, committed_at, database_id, tenant, name,"
                + " name_key, dropped) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            id,
            seq,
            committedAt,
            space.database(),
            space.tenant(),
            name,
            name.key(),
            dropped);
  }

  private static PolderException exists(SchemaName name) {
    return new PolderException(ErrorCode.SCHEMA_EXISTS, "schema '" + name + "' exists already");
  }
}
