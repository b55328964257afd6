package dev.polder.metastore.lineage;

import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.Origin;
import dev.polder.metastore.catalog.Space;
import dev.polder.metastore.catalog.VersionedCollection;
import dev.polder.metastore.catalog.VersionedSchema;
import dev.polder.metastore.commit.CommitInfo;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The history of spaces across the cuts that made them. What is found in another space's rows is
 * named by the ids that it has in the space asked about, so that its grants and policies hold; what
 * has none there does not exist for it. Bound to one transaction.
 */
public final class HistoryStore {
  private final Transaction tx;

  public HistoryStore(Transaction tx) {
    this.tx = tx;
  }

  /** The moment after a commit, counted in the space's database; empty before everything. */
  public Optional<Moment> after(SpaceKey space, long seq) {
    return after(tx.spaces().get(space), seq, List.of());
  }

  /** The last moment at or before the time, in microseconds; empty before everything. */
  public Optional<Moment> at(SpaceKey space, long micros) {
    return at(tx.spaces().get(space), micros, Long.MAX_VALUE, List.of());
  }

  /**
   * Where the way back from a space ends because a database on it, once a clone, was made
   * independent of its source: that database; empty when the space's whole past is known.
   */
  public Optional<DatabaseId> cutOff(SpaceKey key) {
    Space space = tx.spaces().get(key);
    while (space.origin().isPresent()) {
      space = before(space);
    }
    DatabaseId oldest = space.key().database();
    long createdAt = space.createdAt();
    return tx.lineage()
        .independence(oldest)
        .filter(independence -> createdAt <= independence.materializedAt())
        .map(_ -> oldest);
  }

  private Optional<Moment> after(Space space, long seq, List<SpaceKey> above) {
    List<SpaceKey> path = with(above, space.key());
    if (seq >= space.firstSeq()) {
      return Optional.of(kept(new Moment(seq, path)));
    }
    if (space.origin().isEmpty()) {
      return Optional.empty();
    }
    Origin origin = space.origin().get();
    // A clone's numbers go on from its source's; a space that moved met other numbers here.
    Optional<Long> elsewhere = committedAt(space, seq);
    if (elsewhere.isPresent()) {
      return at(before(space), elsewhere.get(), origin.seq(), path);
    }
    if (tx.lineage()
        .parent(space.key().database())
        .filter(lineage -> lineage.parent().equals(origin.database()))
        .isEmpty()) {
      throw new PolderException(
          ErrorCode.VERSION_NOT_FOUND,
          "commit " + seq + " is from before the tenant was here; ask by time instead");
    }
    return after(before(space), Math.min(seq, origin.seq()), path);
  }

  /** At most as far as the cap, a commit of the space's database. */
  private Optional<Moment> at(Space space, long micros, long cap, List<SpaceKey> above) {
    OptionalLong found = tx.commits().seqAt(space.key().database(), micros);
    long seq = Math.min(found.orElse(-1), cap);
    if (found.isPresent() && seq >= space.firstSeq()) {
      return Optional.of(kept(new Moment(seq, with(above, space.key()))));
    }
    if (space.origin().isEmpty()) {
      return Optional.empty();
    }
    long until = micros;
    long last = space.origin().get().seq();
    if (cap < space.firstSeq()) {
      Optional<Long> time = committedAt(space, cap);
      until = Math.min(micros, time.orElse(micros));
      last = time.isPresent() ? last : Math.min(last, cap);
    }
    return at(before(space), until, last, with(above, space.key()));
  }

  private Optional<Long> committedAt(Space space, long seq) {
    return tx.commits().find(space.key().database(), seq).map(CommitInfo::committedAt);
  }

  /** What the space was cut from, as it was then. */
  private Space before(Space space) {
    Origin origin = space.origin().orElseThrow();
    return tx.spaces().getAt(new SpaceKey(origin.database(), space.key().tenant()), origin.seq());
  }

  private Moment kept(Moment moment) {
    Database database = tx.databases().get(moment.holder().database());
    if (moment.seq() < database.historySeq() || database.purgedAt().isPresent()) {
      throw new PolderException(
          ErrorCode.VERSION_NOT_FOUND,
          "that state is older than the retention time and is not kept any more"
              + (database.purgedAt().isPresent()
                  ? ""
                  : "; the oldest kept one is that after commit " + database.historySeq()));
    }
    return moment;
  }

  private static List<SpaceKey> with(List<SpaceKey> above, SpaceKey key) {
    List<SpaceKey> path = new ArrayList<>(above);
    path.add(key);
    return path;
  }

  /** What had that name then. */
  public Optional<VersionedCollection> find(Moment moment, SchemaName schema, String name) {
    return tx.collections()
        .collectionAsOf(moment.holder(), schema, name, moment.seq())
        .flatMap(found -> mapped(moment, found));
  }

  /** All that the space held then, in order of the holder's ids. */
  public List<VersionedCollection> collections(Moment moment) {
    List<VersionedCollection> found =
        tx.collections().collectionsAsOf(moment.holder(), moment.seq());
    if (moment.path().size() == 1) {
      return tx.spaces().get(moment.space()).origin().isEmpty()
          ? found
          : found.stream().map(it -> latest(moment, it)).toList();
    }
    Map<String, String> collections = mapping("collection", moment);
    Map<String, String> schemas = mapping("schema_", moment);
    List<VersionedCollection> here = new ArrayList<>();
    for (VersionedCollection it : found) {
      String id = collections.get(it.id().value());
      String schema = schemas.get(it.schema().value());
      if (id != null && schema != null) {
        here.add(renamed(it, new CollectionId(id), new SchemaId(schema), moment.space()));
      }
    }
    return here;
  }

  /**
   * From the ids of the space asked about to those of the holder; empty where they are the same.
   */
  public Map<String, String> holderIds(Moment moment) {
    Map<String, String> ids = new HashMap<>();
    if (moment.path().size() > 1) {
      mapping("collection", moment).forEach((holder, here) -> ids.put(here, holder));
    }
    return ids;
  }

  /** The schemas that existed then, by name. */
  public List<VersionedSchema> schemas(Moment moment) {
    List<VersionedSchema> found = tx.schemas().schemasAsOf(moment.holder(), moment.seq());
    if (moment.path().size() == 1) {
      return found;
    }
    Map<String, String> ids = mapping("schema_", moment);
    List<VersionedSchema> here = new ArrayList<>();
    for (VersionedSchema schema : found) {
      String id = ids.get(schema.id().value());
      if (id != null) {
        here.add(
            new VersionedSchema(new SchemaId(id), moment.space(), schema.name(), schema.seq()));
      }
    }
    return here;
  }

  private Optional<VersionedCollection> mapped(Moment moment, VersionedCollection found) {
    if (moment.path().size() == 1) {
      return Optional.of(latest(moment, found));
    }
    Optional<String> collection = Optional.of(found.id().value());
    Optional<String> schema = Optional.of(found.schema().value());
    List<SpaceKey> path = moment.path();
    for (int i = path.size() - 2; i >= 0; i--) {
      SpaceKey space = path.get(i);
      collection = collection.flatMap(id -> cutFrom("collection", id, space));
      schema = schema.flatMap(id -> cutFrom("schema_", id, space));
    }
    if (collection.isEmpty() || schema.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        renamed(
            found, new CollectionId(collection.get()), new SchemaId(schema.get()), moment.space()));
  }

  /** What a reset put in its place has its grants and policies. */
  private VersionedCollection latest(Moment moment, VersionedCollection found) {
    String collection = latest("collection", found.id().value());
    String schema = latest("schema_", found.schema().value());
    return collection.equals(found.id().value()) && schema.equals(found.schema().value())
        ? found
        : renamed(found, new CollectionId(collection), new SchemaId(schema), moment.space());
  }

  private String latest(String table, String id) {
    return tx.sql()
        .one(
            "SELECT n.id FROM "
                + table
                + " c JOIN "
                + table
                + " n ON n.origin_id = c.origin_id AND n.database_id = c.database_id AND n.tenant ="
                + " c.tenant WHERE c.id = ? AND c.dropped_seq IS NOT NULL ORDER BY n.created_seq"
                + " DESC LIMIT 1",
            row -> row.text(),
            id)
        .orElse(id);
  }

  /** The newest one, should the space have been cut from the origin again. */
  private Optional<String> cutFrom(String table, String origin, SpaceKey space) {
    return tx.sql()
        .one(
            "SELECT id FROM "
                + table
                + " WHERE origin_id = ? AND database_id = ? AND tenant = ? ORDER BY created_seq"
                + " DESC LIMIT 1",
            row -> row.text(),
            origin,
            space.database(),
            space.tenant());
  }

  /** From the holder's ids to those of the space asked about. */
  private Map<String, String> mapping(String table, Moment moment) {
    List<SpaceKey> path = moment.path();
    Map<String, String> ids = new HashMap<>();
    for (int i = 0; i < path.size() - 1; i++) {
      Map<String, String> step = new HashMap<>();
      Map<String, String> nearer = ids;
      boolean first = i == 0;
      tx.sql()
          .list(
              "SELECT origin_id, id FROM "
                  + table
                  + " WHERE database_id = ? AND tenant = ? AND origin_id IS NOT NULL ORDER BY"
                  + " created_seq",
              row -> {
                String origin = row.text();
                String id = row.text();
                if (first) {
                  step.put(origin, id);
                } else if (nearer.containsKey(id)) {
                  step.put(origin, nearer.get(id));
                }
                return true;
              },
              path.get(i).database(),
              path.get(i).tenant());
      ids = step;
    }
    return ids;
  }

  private static VersionedCollection renamed(
      VersionedCollection found, CollectionId id, SchemaId schema, SpaceKey space) {
    return new VersionedCollection(
        id,
        schema,
        space,
        found.ref(),
        found.kind(),
        found.icebergUuid(),
        found.location(),
        found.metadataLocation(),
        found.seq(),
        found.committedAt());
  }
}
