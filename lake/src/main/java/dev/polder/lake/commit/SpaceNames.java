package dev.polder.lake.commit;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.LakeSchema;
import dev.polder.lake.LakeSnapshot;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.lineage.Moment;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A space's names as of one commit, for as long as a transaction lasts: each is looked up once, in
 * a metastore transaction of its own. One owner, not thread-safe.
 */
public final class SpaceNames implements LakeSnapshot {
  private final Metastore metastore;
  private final SpaceKey space;
  private final long seq;
  private final Map<TableRef, Optional<LakeCollection>> found = new HashMap<>();

  public SpaceNames(Metastore metastore, SpaceKey space, long seq) {
    this.metastore = metastore;
    this.space = space;
    this.seq = seq;
  }

  @Override
  public long seq() {
    return seq;
  }

  long committedAt() {
    return metastore.read(tx ->
        tx.commits().find(space.database(), seq).map(commit -> commit.committedAt()).orElse(0L));
  }

  @Override
  public Optional<LakeCollection> find(TableRef ref) {
    return found.computeIfAbsent(
        ref,
        name ->
            metastore.read(tx ->
                moment(tx)
                    .map(moment -> tx.history().find(moment, name.schema(), name.name()))
                    .orElseGet(() ->
                        tx.collections().collectionAsOf(space, name.schema(), name.name(), seq))
                    .map(LakeCollection::of)));
  }

  @Override
  public List<LakeCollection> list() {
    return metastore.read(tx ->
        moment(tx)
            .map(tx.history()::collections)
            .orElseGet(() -> tx.collections().collectionsAsOf(space, seq))
            .stream()
            .map(LakeCollection::of)
            .toList());
  }

  @Override
  public List<LakeSchema> schemas() {
    return metastore.read(tx ->
        moment(tx)
            .map(tx.history()::schemas)
            .orElseGet(() -> tx.schemas().schemasAsOf(space, seq))
            .stream()
            .map(schema -> new LakeSchema(schema.id(), schema.name()))
            .toList());
  }

  /** Where the state is kept, if it is not the space's own: a mirror's is its source's. */
  private Optional<Moment> moment(MetastoreTransaction tx) {
    return tx.spaces().find(space).filter(it -> seq < it.firstSeq()).isPresent()
        ? tx.history().after(space, seq)
        : Optional.empty();
  }

  Optional<SchemaId> schema(SchemaName name) {
    return schemas().stream()
        .filter(schema -> schema.name().equals(name))
        .map(LakeSchema::id)
        .findFirst();
  }
}
