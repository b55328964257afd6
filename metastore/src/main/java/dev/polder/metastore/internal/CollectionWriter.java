package dev.polder.metastore.internal;

import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.catalog.Schema;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.quota.StorageCheck;
import dev.polder.model.CollectionId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares and swaps collections as part of a commit, and writes their history. Bound to one
 * transaction, whose writes nobody else's can come between: what {@link #check} saw holds until
 * {@link #apply}.
 */
public final class CollectionWriter {
  private final Transaction tx;
  private final SpaceKey space;
  private final Map<CollectionId, CollectionEntry> current = new HashMap<>();

  public CollectionWriter(Transaction tx, SpaceKey space) {
    this.tx = tx;
    this.space = space;
  }

  /** Finds the first collection that is not at its expected version. */
  public Optional<CommitOutcome.Conflict> check(List<CollectionChange> changes) {
    CollectionId previous = null;
    for (CollectionChange change : changes) {
      if (change.id().equals(previous)) {
        throw new IllegalArgumentException("two changes of collection " + previous);
      }
      previous = change.id();
      if (change instanceof CollectionChange.Create) {
        continue;
      }
      Optional<CollectionEntry> found =
          tx.collections()
              .find(change.id())
              .filter(entry -> entry.droppedSeq().isEmpty() && entry.space().equals(space));
      if (found.isEmpty()
          || !expected(change)
              .orElse(found.get().metadataLocation())
              .equals(found.get().metadataLocation())) {
        return Optional.of(
            new CommitOutcome.Conflict(change.id(), found.map(CollectionEntry::metadataLocation)));
      }
      current.put(change.id(), found.get());
    }
    return Optional.empty();
  }

  private static Optional<String> expected(CollectionChange change) {
    return switch (change) {
      case CollectionChange.Create create -> Optional.empty();
      case CollectionChange.Update update -> Optional.of(update.expectedMetadataLocation());
      case CollectionChange.Rename rename -> rename.expectedMetadataLocation();
      case CollectionChange.Drop drop -> drop.expectedMetadataLocation();
      case CollectionChange.Require require -> Optional.of(require.expectedMetadataLocation());
    };
  }

  /** Drops come first and creations last, so that a name can change hands within one commit. */
  public void apply(List<CollectionChange> changes, long seq, long at) {
    for (CollectionChange change : changes) {
      switch (change) {
        case CollectionChange.Drop drop -> drop(entry(drop), seq, at);
        case CollectionChange.Rename rename -> release(entry(rename));
        case CollectionChange.Update update -> update(update, seq, at);
        case CollectionChange.Create create -> {}
        case CollectionChange.Require require -> {}
      }
    }
    for (CollectionChange change : changes) {
      switch (change) {
        case CollectionChange.Rename rename -> rename(rename, seq, at);
        case CollectionChange.Create create -> create(create, seq, at);
        case CollectionChange.Drop drop -> {}
        case CollectionChange.Update update -> {}
        case CollectionChange.Require require -> {}
      }
    }
  }

  private CollectionEntry entry(CollectionChange change) {
    CollectionEntry entry = current.get(change.id());
    if (entry == null) {
      throw new IllegalStateException("unchecked change of collection " + change.id());
    }
    return entry;
  }

  private void update(CollectionChange.Update update, long seq, long at) {
    CollectionEntry entry = entry(update);
    int swapped =
        tx.sql()
            .update(
                "UPDATE collection SET metadata_location = ?, version_seq = ? WHERE id = ? AND"
                    + " metadata_location = ?",
                update.newMetadataLocation(),
                seq,
                update.id(),
                update.expectedMetadataLocation());
    if (swapped != 1) {
      throw new IllegalStateException("collection " + update.id() + " changed under its commit");
    }
    version(
        entry,
        entry.schema(),
        entry.ref().name(),
        seq,
        at,
        Optional.of(update.newMetadataLocation()));
  }

  private void drop(CollectionEntry entry, long seq, long at) {
    tx.sql()
        .update(
            "UPDATE collection SET dropped_seq = ?, version_seq = ? WHERE id = ?",
            seq,
            seq,
            entry.id());
    tx.sql()
        .update(
            "DELETE FROM storage_ledger WHERE database_id = ? AND tenant = ? AND collection_id = ?",
            space.database(),
            space.tenant(),
            entry.id());
    version(entry, entry.schema(), entry.ref().name(), seq, at, Optional.empty());
  }

  /** Moves it out of the way under a key that no name has: two renames may swap names. */
  private void release(CollectionEntry entry) {
    tx.sql()
        .update("UPDATE collection SET name_key = ? WHERE id = ?", "\n" + entry.id(), entry.id());
  }

  private void rename(CollectionChange.Rename rename, long seq, long at) {
    CollectionEntry entry = entry(rename);
    TableRef ref = requireFree(rename.schema(), rename.name());
    String metadata = rename.newMetadataLocation().orElse(entry.metadataLocation());
    tx.sql()
        .update(
            "UPDATE collection SET schema_id = ?, name = ?, name_key = ?, metadata_location = ?,"
                + " version_seq = ? WHERE id = ?",
            rename.schema(),
            ref.name(),
            ref.key(),
            metadata,
            seq,
            rename.id());
    version(entry, rename.schema(), ref.name(), seq, at, Optional.of(metadata));
  }

  private void create(CollectionChange.Create create, long seq, long at) {
    TableRef ref = requireFree(create.schema(), create.name());
    tx.sql()
        .update(
            "INSERT INTO collection (id, schema_id, database_id, tenant, kind, name, name_key,"
                + " iceberg_uuid, location, metadata_location, version_seq, owner, created_seq,"
                + " origin_seq, cut_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            create.id(),
            create.schema(),
            space.database(),
            space.tenant(),
            create.kind(),
            ref.name(),
            ref.key(),
            create.icebergUuid(),
            create.location(),
            create.metadataLocation(),
            seq,
            create.owner(),
            seq,
            create.cut().map(CollectionChange.Cut::seq),
            create.cut().map(CollectionChange.Cut::origin));
    create.cut().ifPresent(cut -> begin(create.id(), cut));
    insertVersion(
        create.id(),
        create.schema(),
        ref,
        create.kind().name(),
        seq,
        at,
        Optional.of(create.metadataLocation()));
  }

  /** Charges a collection with what it begins with, if the collector has left that. */
  private void begin(CollectionId id, CollectionChange.Cut cut) {
    boolean kept =
        tx.sql()
            .exists(
                "SELECT 1 FROM table_version v JOIN database_ d ON d.id = ? WHERE v.collection_id ="
                    + " ? AND v.seq = ? AND COALESCE((SELECT MIN(n.seq) FROM table_version n WHERE"
                    + " n.collection_id = v.collection_id AND n.seq > v.seq), d.history_seq + 1) >"
                    + " d.history_seq",
                space.database(),
                cut.origin(),
                cut.seq());
    if (!kept) {
      throw new PolderException(
          ErrorCode.VERSION_NOT_FOUND,
          "that version is older than what the database keeps, and its files may be gone");
    }
    if (cut.own()) {
      StorageCheck.requireRoom(tx, space.database(), Map.of(space.tenant(), cut.bytes()));
    }
    tx.sql()
        .update(
            "INSERT INTO storage_ledger (database_id, tenant, collection_id, bytes, files,"
                + " shared_bytes, shared_files) VALUES (?, ?, ?, ?, ?, ?, ?)",
            space.database(),
            space.tenant(),
            id,
            cut.own() ? cut.bytes() : 0,
            cut.own() ? cut.files() : 0,
            cut.own() ? 0 : cut.bytes(),
            cut.own() ? 0 : cut.files());
  }

  private TableRef requireFree(SchemaId schemaId, String name) {
    Schema schema =
        tx.schemas()
            .find(schemaId)
            .filter(found -> found.droppedSeq().isEmpty() && found.space().equals(space))
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.SCHEMA_NOT_FOUND, "the schema of '" + name + "' is gone"));
    TableRef ref = new TableRef(schema.name(), name);
    if (tx.sql()
        .exists(
            "SELECT 1 FROM collection WHERE schema_id = ? AND name_key = ? AND dropped_seq IS NULL",
            schemaId,
            ref.key())) {
      throw new PolderException(
          ErrorCode.COLLECTION_EXISTS, "table or view '" + ref + "' exists already");
    }
    return ref;
  }

  private void version(
      CollectionEntry entry,
      SchemaId schema,
      String name,
      long seq,
      long at,
      Optional<String> metadataLocation) {
    insertVersion(
        entry.id(),
        schema,
        new TableRef(entry.ref().schema(), name),
        entry.kind().name(),
        seq,
        at,
        metadataLocation);
  }

  private void insertVersion(
      CollectionId id,
      SchemaId schema,
      TableRef ref,
      String kind,
      long seq,
      long at,
      Optional<String> metadataLocation) {
    tx.sql()
        .update(
            "INSERT INTO table_version (collection_id, seq, committed_at, schema_id, name,"
                + " name_key, kind, metadata_location) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            id,
            seq,
            at,
            schema,
            ref.name(),
            ref.key(),
            kind,
            metadataLocation);
  }
}
