package dev.polder.metastore.catalog;

import dev.polder.metastore.Page;
import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.CollectionId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The tables and views of spaces, now and as of any commit. They are changed by commits alone.
 * Bound to one transaction.
 */
public final class CollectionStore {
  private static final String NOW =
      "SELECT c.id, c.schema_id, c.database_id, c.tenant, s.name, c.name, c.kind, c.iceberg_uuid,"
          + " c.location, c.metadata_location, c.version_seq, c.owner, c.created_seq,"
          + " c.dropped_seq FROM collection c JOIN schema_ s ON s.id = c.schema_id ";
  private static final String VERSION =
      "SELECT c.id, v.schema_id, c.database_id, c.tenant, s.name, v.name, v.kind, c.iceberg_uuid,"
          + " c.location, v.metadata_location, v.seq, v.committed_at";
  private static final String SCHEMA_AS_OF =
      " JOIN schema_version s ON s.schema_id = v.schema_id AND s.seq = (SELECT MAX(x.seq) FROM"
          + " schema_version x WHERE x.schema_id = v.schema_id AND x.seq <= ?)";

  private final Transaction tx;

  public CollectionStore(Transaction tx) {
    this.tx = tx;
  }

  /** Finds dropped ones too. */
  public Optional<CollectionEntry> find(CollectionId id) {
    return tx.sql().one(NOW + "WHERE c.id = ?", CollectionStore::entry, id);
  }

  public Optional<CollectionEntry> find(SpaceKey space, TableRef ref) {
    return tx.sql()
        .one(
            NOW
                + "WHERE s.database_id = ? AND s.tenant = ? AND s.name_key = ? AND s.dropped_seq IS"
                + " NULL AND c.name_key = ? AND c.dropped_seq IS NULL",
            CollectionStore::entry,
            space.database(),
            space.tenant(),
            ref.schema().key(),
            ref.key());
  }

  public CollectionEntry get(SpaceKey space, TableRef ref) {
    return find(space, ref)
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.COLLECTION_NOT_FOUND, "table or view '" + ref + "' does not exist"));
  }

  /** A schema's live tables and views by name, without regard to case. */
  public Page<CollectionEntry> list(SchemaId schema, Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                NOW
                    + "WHERE c.schema_id = ? AND c.name_key > ? AND c.dropped_seq IS NULL"
                    + " ORDER BY c.name_key LIMIT ?",
                CollectionStore::entry,
                schema,
                after.orElse(""),
                Page.probe(limit)),
        limit,
        entry -> entry.ref().key());
  }

  /** Those of {@link #list(SchemaId, Optional, int)} that are of the kind. */
  public Page<CollectionEntry> list(
      SchemaId schema, CollectionKind kind, Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                NOW
                    + "WHERE c.schema_id = ? AND c.name_key > ? AND c.dropped_seq IS NULL"
                    + " AND c.kind = ? ORDER BY c.name_key LIMIT ?",
                CollectionStore::entry,
                schema,
                after.orElse(""),
                kind,
                Page.probe(limit)),
        limit,
        entry -> entry.ref().key());
  }

  /** The name of a live table or view, and its form that lists are ordered by. */
  public record Named(CollectionId id, String name, String key) {}

  /** The names of {@link #list(SchemaId, CollectionKind, Optional, int)}, which cost less. */
  public Page<Named> names(
      SchemaId schema, CollectionKind kind, Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT id, name, name_key FROM collection WHERE schema_id = ? AND name_key > ?"
                    + " AND dropped_seq IS NULL AND kind = ? ORDER BY name_key LIMIT ?",
                row -> new Named(new CollectionId(row.text()), row.text(), row.text()),
                schema,
                after.orElse(""),
                kind,
                Page.probe(limit)),
        limit,
        Named::key);
  }

  /**
   * The collection of the space, now or then, and its commit whose version the file describes: of
   * several the one in whose directory it lies.
   */
  public Optional<VersionedCollection> withMetadata(SpaceKey space, String metadataLocation) {
    return tx.sql()
        .one(
            "SELECT v.collection_id, v.seq FROM table_version v JOIN collection c ON c.id ="
                + " v.collection_id WHERE c.database_id = ? AND c.tenant = ? AND"
                + " v.metadata_location = ? AND c.purged_at IS NULL ORDER BY CASE WHEN SUBSTR(v.metadata_location, 1,"
                + " LENGTH(c.location) + 1) = c.location || '/' THEN 0 ELSE 1 END, v.seq DESC LIMIT"
                + " 1",
            row -> collectionAsOf(new CollectionId(row.text()), row.integer()),
            space.database(),
            space.tenant(),
            metadataLocation)
        .flatMap(Function.identity());
  }

  /** Those of the space whose files lie in the directory, dropped ones too. */
  public List<CollectionEntry> at(SpaceKey space, String location) {
    return tx.sql()
        .list(
            NOW + "WHERE c.database_id = ? AND c.tenant = ? AND c.location = ?",
            CollectionStore::entry,
            space.database(),
            space.tenant(),
            location);
  }

  /**
   * The directories of the collections whose files one began with, as far back as they reach: none
   * for one whose files are all its own.
   */
  public Set<String> originLocations(CollectionId id) {
    Set<String> locations = new LinkedHashSet<>();
    Optional<Cut> from = originOf(id, Long.MAX_VALUE);
    while (from.isPresent()) {
      Cut origin = from.get();
      locations.add(origin.location());
      from = originOf(origin.id(), origin.seq());
    }
    return locations;
  }

  /** A collection that another one was cut from, after which of its commits. */
  private record Cut(CollectionId id, long seq, String location) {}

  /** What it was cut from, unless its commits up to a number need nothing of that any more. */
  private Optional<Cut> originOf(CollectionId id, long upTo) {
    return tx.sql()
        .one(
            "SELECT o.id, c.origin_seq, o.location FROM collection c JOIN collection o ON o.id ="
                + " c.cut_id WHERE c.id = ? AND (c.cut_end IS NULL OR c.cut_end > ?)",
            row -> new Cut(new CollectionId(row.text()), row.integer(), row.text()),
            id,
            upTo);
  }

  /** Whether a file lies in the directory of a collection of the space that was purged. */
  public boolean isPurged(SpaceKey space, String path) {
    return tx.sql()
        .exists(
            "SELECT 1 FROM collection WHERE database_id = ? AND tenant = ? AND purged_at IS NOT"
                + " NULL AND SUBSTR(?, 1, LENGTH(location) + 1) = location || '/'",
            space.database(),
            space.tenant(),
            path);
  }

  /** How many live ones the space has. */
  public long count(SpaceKey space, CollectionKind kind) {
    return tx.sql()
        .number(
            "SELECT COUNT(*) FROM collection WHERE database_id = ? AND tenant = ? AND kind = ? AND"
                + " dropped_seq IS NULL",
            space.database(),
            space.tenant(),
            kind);
  }

  /** All that the space held after the commit, in order of id. */
  public List<VersionedCollection> collectionsAsOf(SpaceKey space, long seq) {
    return tx.sql()
        .list(
            VERSION
                + " FROM collection c JOIN table_version v ON v.collection_id = c.id AND v.seq ="
                + " (SELECT MAX(l.seq) FROM table_version l WHERE l.collection_id = c.id AND l.seq"
                + " <= ?)"
                + SCHEMA_AS_OF
                + " WHERE c.database_id = ? AND c.tenant = ? AND v.metadata_location IS NOT NULL"
                + " ORDER BY c.id",
            CollectionStore::versioned,
            seq,
            seq,
            space.database(),
            space.tenant());
  }

  /** What had that name after the commit. */
  public Optional<VersionedCollection> collectionAsOf(
      SpaceKey space, SchemaName schema, String name, long seq) {
    String nameKey = new TableRef(schema, name).key();
    return schemaAsOf(space, schema, seq)
        .flatMap(schemaId -> newestUnderName(schemaId, nameKey, seq))
        .filter(found -> !movedOn(found.id(), found.seq(), seq));
  }

  /** The collection after the commit; empty if it was dropped or not there yet. */
  public Optional<VersionedCollection> collectionAsOf(CollectionId id, long seq) {
    return tx.sql()
        .one(
            VERSION
                + " FROM table_version v JOIN collection c ON c.id = v.collection_id"
                + SCHEMA_AS_OF
                + " WHERE v.collection_id = ? AND v.seq = (SELECT MAX(l.seq) FROM table_version l"
                + " WHERE l.collection_id = ? AND l.seq <= ?) AND v.metadata_location IS NOT NULL",
            CollectionStore::versioned,
            seq,
            id,
            id,
            seq);
  }

  /** A collection's history, newest first, before the given commit. */
  public List<CollectionVersion> history(CollectionId id, long beforeSeq, int limit) {
    return tx.sql()
        .list(
            "SELECT seq, committed_at, schema_id, name, metadata_location FROM table_version"
                + " WHERE collection_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
            row ->
                new CollectionVersion(
                    row.integer(),
                    row.integer(),
                    new SchemaId(row.text()),
                    row.text(),
                    row.optionalText()),
            id,
            beforeSeq,
            limit);
  }

  private Optional<SchemaId> schemaAsOf(SpaceKey space, SchemaName schema, long seq) {
    return tx.sql()
        .one(
            "SELECT v.schema_id FROM schema_version v WHERE v.database_id = ? AND v.tenant = ? AND"
                + " v.name_key = ? AND v.seq <= ? AND v.dropped = 0 AND NOT EXISTS (SELECT 1 FROM"
                + " schema_version n WHERE n.schema_id = v.schema_id AND n.seq > v.seq AND n.seq"
                + " <= ?)",
            row -> new SchemaId(row.text()),
            space.database(),
            space.tenant(),
            schema.key(),
            seq,
            seq);
  }

  /**
   * The newest row under a name decides who held it: a later holder has a later row. In one commit
   * one collection may leave the name by being dropped and another one take it, hence the second
   * order.
   */
  private Optional<VersionedCollection> newestUnderName(SchemaId schema, String key, long seq) {
    return tx.sql()
        .one(
            VERSION
                + " FROM (SELECT * FROM table_version WHERE schema_id = ? AND name_key = ? AND seq"
                + " <= ? ORDER BY seq DESC, CASE WHEN metadata_location IS NULL THEN 1 ELSE 0 END"
                + " LIMIT 1) v JOIN collection c ON c.id = v.collection_id"
                + SCHEMA_AS_OF
                + " WHERE v.metadata_location IS NOT NULL",
            CollectionStore::versioned,
            schema,
            key,
            seq,
            seq);
  }

  private boolean movedOn(CollectionId id, long from, long seq) {
    return tx.sql()
        .exists(
            "SELECT 1 FROM table_version WHERE collection_id = ? AND seq > ? AND seq <= ?",
            id,
            from,
            seq);
  }

  private static CollectionEntry entry(Row row) throws SQLException {
    return new CollectionEntry(
        new CollectionId(row.text()),
        new SchemaId(row.text()),
        row.space(),
        TableRef.of(row.text(), row.text()),
        row.enumeration(CollectionKind.class),
        row.text(),
        row.text(),
        row.text(),
        row.integer(),
        row.optionalText().map(PrincipalId::new),
        row.integer(),
        row.optionalInteger());
  }

  private static VersionedCollection versioned(Row row) throws SQLException {
    return new VersionedCollection(
        new CollectionId(row.text()),
        new SchemaId(row.text()),
        row.space(),
        TableRef.of(row.text(), row.text()),
        row.enumeration(CollectionKind.class),
        row.text(),
        row.text(),
        row.text(),
        row.integer(),
        row.integer());
  }
}
