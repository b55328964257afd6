package dev.polder.metastore.mirror;

import dev.polder.metastore.access.Principal;
import dev.polder.metastore.catalog.Origin;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.internal.Transaction;
import dev.polder.metastore.lineage.CollectionState;
import dev.polder.metastore.lineage.SchemaState;
import dev.polder.model.CollectionId;
import dev.polder.model.SchemaId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import dev.polder.model.TenantId;
import java.util.Optional;
import java.util.UUID;

/**
 * Moves rows of a mirror from one commit of its source to the next. Each live collection has one
 * version, the one that it is at, and names as the origin of its files what its source named after
 * that commit: that is what the collector asks. Bound to one transaction.
 */
final class MovingCut {
  private final Transaction tx;
  private final Mirror mirror;
  private final Origin origin;
  private final CommitOutcome.Committed as;

  MovingCut(Transaction tx, Mirror mirror, Origin origin, CommitOutcome.Committed as) {
    this.tx = tx;
    this.mirror = mirror;
    this.origin = origin;
    this.as = as;
  }

  private SpaceKey space(TenantId tenant) {
    SpaceKey space = new SpaceKey(mirror.database(), tenant);
    if (!tx.spaces().exists(space)) {
      tx.spaces().create(space, as.seq() + 1, origin);
    }
    return space;
  }

  private Optional<String> here(String table, String source) {
    return tx.sql()
        .one(
            "SELECT id FROM "
                + table
                + " WHERE origin_id = ? AND database_id = ? AND dropped_seq IS NULL ORDER BY"
                + " created_seq DESC LIMIT 1",
            row -> row.text(),
            source,
            mirror.database());
  }

  void schema(SchemaState state) {
    Optional<String> here = here("schema_", state.id().value());
    if (here.isPresent()) {
      tx.sql()
          .update(
              "UPDATE schema_ SET name = ?, name_key = ?, properties = ? WHERE id = ?",
              state.name(),
              state.name().key(),
              state.properties(),
              here.get());
      tx.sql()
          .update(
              "UPDATE schema_version SET name = ?, name_key = ? WHERE schema_id = ?",
              state.name(),
              state.name().key(),
              here.get());
      return;
    }
    SpaceKey space = space(state.tenant());
    String id = tx.newId().toString();
    tx.sql()
        .update(
            "INSERT INTO schema_ (id, database_id, tenant, name, name_key, properties, created_seq,"
                + " origin_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            id,
            space.database(),
            space.tenant(),
            state.name(),
            state.name().key(),
            state.properties(),
            as.seq(),
            state.id());
    tx.sql()
        .update(
            "INSERT INTO schema_version (schema_id, seq, committed_at, database_id, tenant, name,"
                + " name_key, dropped) VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
            id,
            as.seq(),
            as.committedAt(),
            space.database(),
            space.tenant(),
            state.name(),
            state.name().key());
  }

  /** Frees the name of one that changes, and ends one that was dropped. */
  void releaseSchema(SchemaState state) {
    here("schema_", state.id().value())
        .ifPresent(id -> {
          tx.sql().update("UPDATE schema_ SET name_key = ? WHERE id = ?", "\n" + id, id);
          if (state.dropped()) {
            tx.sql().update("UPDATE schema_ SET dropped_seq = ? WHERE id = ?", as.seq(), id);
            tx.sql().update("UPDATE schema_version SET dropped = 1 WHERE schema_id = ?", id);
          }
        });
  }

  /** Frees the names of all that changes, and ends what was dropped. */
  void release(CollectionState state) {
    here("collection", state.id().value())
        .ifPresent(id -> {
          tx.sql().update("UPDATE collection SET name_key = ? WHERE id = ?", "\n" + id, id);
          if (state.metadataLocation().isEmpty()) {
            tx.sql()
                .update(
                    "UPDATE collection SET dropped_seq = ?, version_seq = ? WHERE id = ?",
                    as.seq(),
                    as.seq(),
                    id);
            tx.sql().update("DELETE FROM table_version WHERE collection_id = ?", id);
            tx.sql()
                .update(
                    "DELETE FROM storage_ledger WHERE database_id = ? AND collection_id = ?",
                    mirror.database(),
                    id);
          }
        });
  }

  void put(CollectionState state) {
    if (state.metadataLocation().isEmpty()) {
      return;
    }
    SpaceKey space = space(state.tenant());
    SchemaId schema =
        here("schema_", state.schema().value())
            .map(SchemaId::new)
            .orElseThrow(() -> new IllegalStateException("no schema " + state.schema()));
    TableRef ref = TableRef.of("x", state.name());
    Optional<String> here = here("collection", state.id().value());
    String id = here.orElseGet(() -> create(space, schema, state, ref));
    if (here.isPresent()) {
      tx.sql()
          .update(
              "UPDATE collection SET schema_id = ?, name = ?, name_key = ?, metadata_location = ?,"
                  + " version_seq = ?, origin_seq = ? WHERE id = ?",
              schema,
              ref.name(),
              ref.key(),
              state.metadataLocation(),
              as.seq(),
              as.seq(),
              id);
      tx.sql().update("DELETE FROM table_version WHERE collection_id = ?", id);
    }
    tx.sql()
        .update(
            "INSERT INTO table_version (collection_id, seq, committed_at, schema_id, name,"
                + " name_key, kind, metadata_location) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            id,
            as.seq(),
            as.committedAt(),
            schema,
            ref.name(),
            ref.key(),
            state.kind(),
            state.metadataLocation());
    ledger(space, id, state.id());
  }

  private String create(SpaceKey space, SchemaId schema, CollectionState state, TableRef ref) {
    String id = tx.newId().toString();
    UUID uuid = tx.newId();
    tx.sql()
        .update(
            "INSERT INTO collection (id, schema_id, database_id, tenant, kind, name, name_key,"
                + " iceberg_uuid, location, metadata_location, version_seq, owner, created_seq,"
                + " origin_id, origin_seq, cut_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                + " ?)",
            id,
            schema,
            space.database(),
            space.tenant(),
            state.kind(),
            ref.name(),
            ref.key(),
            uuid.toString(),
            LocalMirrorStore.location(mirror, space, uuid),
            state.metadataLocation(),
            as.seq(),
            state.owner().flatMap(tx.principals()::find).map(Principal::id),
            as.seq(),
            state.id(),
            as.seq(),
            state.id());
    return id;
  }

  /** All of it is the source's; what that names by now is close enough until all is applied. */
  private void ledger(SpaceKey space, String id, CollectionId source) {
    tx.sql()
        .update(
            "DELETE FROM storage_ledger WHERE database_id = ? AND collection_id = ?",
            space.database(),
            id);
    tx.sql()
        .update(
            "INSERT INTO storage_ledger (database_id, tenant, collection_id, bytes, files,"
                + " shared_bytes, shared_files) SELECT ?, ?, ?, 0, 0, bytes + shared_bytes, files +"
                + " shared_files FROM storage_ledger WHERE database_id = ? AND collection_id = ?",
            space.database(),
            space.tenant(),
            id,
            origin.database(),
            source);
  }

  /** The same content in other files. */
  void rewrite(CollectionState state) {
    here("collection", state.id().value())
        .ifPresent(id -> {
          tx.sql()
              .update(
                  "UPDATE collection SET metadata_location = ?, origin_seq = ? WHERE id = ?",
                  state.metadataLocation(),
                  as.seq(),
                  id);
          tx.sql()
              .update(
                  "UPDATE table_version SET metadata_location = ? WHERE collection_id = ?",
                  state.metadataLocation(),
                  id);
        });
  }
}
