package dev.polder.metastore.lineage;

import dev.polder.metastore.access.Principal;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.catalog.Space;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitInfo;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.commit.FileChange;
import dev.polder.metastore.internal.CollectionWriter;
import dev.polder.metastore.internal.LedgerWriter;
import dev.polder.metastore.internal.SchemaWriter;
import dev.polder.metastore.internal.Transaction;
import dev.polder.metastore.quota.StorageCheck;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.PrincipalId;
import dev.polder.model.PrincipalName;
import dev.polder.model.SchemaId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes another database's commits to a database that has files of its own. Schemas and
 * collections have new ids and remember the source's. Bound to one transaction.
 */
public final class TakeoverStore {
  private final Transaction tx;

  public TakeoverStore(Transaction tx) {
    this.tx = tx;
  }

  /**
   * Makes the commit the database's next one. It keeps its number and time as {@link
   * dev.polder.metastore.commit.CommitStore#follow} says, so that a database that begins with a
   * whole one and takes over all that come after has the source's numbers. A whole one takes the
   * place of all that the database held; what was before it in an empty database cannot be asked
   * for. Tenants that do not exist are created. What adds to the storage is held to its limits.
   *
   * @param own the files of all collections in the commit but those that it drops, by source id
   */
  public CommitOutcome.Committed apply(
      DatabaseId target, DatabaseCommit commit, Map<CollectionId, OwnVersion> own) {
    boolean empty = tx.spaces().all(target).isEmpty();
    Set<TenantId> tenants = new TreeSet<>(Comparator.comparing(TenantId::value));
    commit.schemas().forEach(schema -> tenants.add(schema.tenant()));
    commit.collections().forEach(collection -> tenants.add(collection.tenant()));
    List<StorageCheck> storage =
        tenants.stream()
            .map(tenant -> StorageCheck.begin(tx, new SpaceKey(target, tenant)))
            .toList();
    CommitOutcome.Committed as =
        tx.commits()
            .follow(
                target,
                new CommitInfo(
                    commit.seq(),
                    commit.committedAt(),
                    commit.principal(),
                    commit.tenant(),
                    commit.operation()));
    if (commit.whole()) {
      tx.spaces().all(target).forEach(space -> tx.cuts().clear(space.key(), as));
      if (empty) {
        tx.sql().update("UPDATE database_ SET history_seq = ? WHERE id = ?", as.seq(), target);
      }
    }
    for (TenantId tenant : tenants) {
      applySpace(new SpaceKey(target, tenant), commit, own, as);
    }
    storage.forEach(StorageCheck::require);
    return as;
  }

  private void applySpace(
      SpaceKey space,
      DatabaseCommit commit,
      Map<CollectionId, OwnVersion> own,
      CommitOutcome.Committed as) {
    requireSpace(space, as.seq());
    List<SchemaState> schemas =
        commit.schemas().stream().filter(it -> it.tenant().equals(space.tenant())).toList();
    // Names may change hands within one commit.
    schemas.forEach(it ->
        schemaId(space, it.id())
            .ifPresent(id ->
                tx.sql().update("UPDATE schema_ SET name_key = ? WHERE id = ?", "\n" + id, id)));
    schemas.stream().filter(it -> !it.dropped()).forEach(it -> schema(space, it, as));
    Map<CollectionId, CollectionId> ids = new LinkedHashMap<>();
    List<CollectionChange> changes = new ArrayList<>();
    List<CollectionId> created = new ArrayList<>();
    for (CollectionState state : commit.collections()) {
      if (state.tenant().equals(space.tenant())) {
        Optional<CollectionEntry> here =
            commit.whole() ? Optional.empty() : collection(space, state.id());
        here.ifPresent(entry -> ids.put(state.id(), entry.id()));
        change(space, state, here, own.get(state.id()))
            .ifPresent(change -> {
              changes.add(change);
              if (here.isEmpty()) {
                ids.put(state.id(), change.id());
                created.add(state.id());
              }
            });
      }
    }
    CollectionWriter writer = new CollectionWriter(tx, space);
    writer
        .check(changes.stream().sorted(Comparator.comparing(it -> it.id().value())).toList())
        .ifPresent(conflict -> {
          throw new IllegalStateException("collection " + conflict.collection() + " changed");
        });
    writer.apply(changes, as.seq(), as.committedAt());
    for (CollectionId source : created) {
      tx.sql().update("UPDATE collection SET origin_id = ? WHERE id = ?", source, ids.get(source));
    }
    schemas.stream()
        .filter(SchemaState::dropped)
        .forEach(it ->
            schemaId(space, it.id())
                .ifPresent(id -> new SchemaWriter(tx).drop(space, id, as.seq(), as.committedAt())));
    new LedgerWriter(tx).write(space, as.seq(), files(ids, own));
  }

  private void requireSpace(SpaceKey space, long seq) {
    if (tx.tenants().find(space.tenant()).isEmpty()) {
      tx.tenants().create(space.tenant());
    }
    if (!tx.spaces().exists(space)) {
      tx.spaces().createEmpty(space, seq);
    }
  }

  private void schema(SpaceKey space, SchemaState state, CommitOutcome.Committed as) {
    SchemaWriter writer = new SchemaWriter(tx);
    Optional<SchemaId> here = schemaId(space, state.id());
    if (here.isPresent()) {
      writer.rename(space, here.get(), state.name(), as.seq(), as.committedAt());
      tx.schemas().writeProperties(here.get(), state.properties());
      return;
    }
    SchemaId id = new SchemaId(tx.newId().toString());
    writer.create(id, space, state.name(), state.properties(), as.seq(), as.committedAt());
    tx.sql().update("UPDATE schema_ SET origin_id = ? WHERE id = ?", state.id(), id);
  }

  private Optional<CollectionChange> change(
      SpaceKey space,
      CollectionState state,
      Optional<CollectionEntry> here,
      @Nullable OwnVersion own) {
    if (state.metadataLocation().isEmpty()) {
      return here.map(entry -> new CollectionChange.Drop(entry.id()));
    }
    if (own == null) {
      throw new IllegalArgumentException("no files for collection " + state.id());
    }
    SchemaId schema =
        schemaId(space, state.schema())
            .orElseThrow(() -> new IllegalStateException("no schema " + state.schema()));
    if (here.isPresent()) {
      return Optional.of(
          new CollectionChange.Rename(
              here.get().id(),
              schema,
              state.name(),
              Optional.empty(),
              Optional.of(own.metadataLocation())));
    }
    return Optional.of(
        new CollectionChange.Create(
            new CollectionId(tx.newId().toString()),
            schema,
            state.kind(),
            state.name(),
            own.icebergUuid(),
            own.location(),
            own.metadataLocation(),
            state.owner().flatMap(this::principal)));
  }

  private static List<FileChange> files(
      Map<CollectionId, CollectionId> ids, Map<CollectionId, OwnVersion> own) {
    List<FileChange> files = new ArrayList<>();
    ids.forEach((source, id) -> {
      OwnVersion version = own.get(source);
      if (version != null) {
        version
            .files()
            .forEach(file -> files.add(new FileChange(id, file.kind(), file.path(), file.bytes())));
      }
    });
    return files;
  }

  /** What a collection of the source is here, if it is here and was not dropped. */
  public Optional<CollectionEntry> collection(SpaceKey space, CollectionId source) {
    return tx.sql()
        .one(
            "SELECT id FROM collection WHERE origin_id = ? AND database_id = ? AND tenant = ? AND"
                + " dropped_seq IS NULL ORDER BY created_seq DESC LIMIT 1",
            row -> new CollectionId(row.text()),
            source,
            space.database(),
            space.tenant())
        .flatMap(tx.collections()::find);
  }

  private Optional<SchemaId> schemaId(SpaceKey space, SchemaId source) {
    return tx.sql()
        .one(
            "SELECT id FROM schema_ WHERE origin_id = ? AND database_id = ? AND tenant = ? AND"
                + " dropped_seq IS NULL ORDER BY created_seq DESC LIMIT 1",
            row -> new SchemaId(row.text()),
            source,
            space.database(),
            space.tenant());
  }

  /**
   * Puts what is granted on the source's schemas, tables, views and columns, and its row filters
   * and masks, in the place of those that the database has. Roles that do not exist are created
   * without holders, so that a filter holds for those who will come to hold them; what a principal
   * who does not exist holds is left out. Spaces of tenants that are gone from the source end.
   *
   * @param spaceGrants also what is granted on the tenants' whole parts of the database
   * @return false: all of it was so already
   */
  public boolean applyAccess(DatabaseId target, DatabaseAccess access, boolean spaceGrants) {
    return applyAccess(target, access, new AccessWriter.Rules(spaceGrants, false, false));
  }

  /**
   * As {@link #applyAccess} does, for a mirror.
   *
   * @param elsewhere the source is another server's, whose roles may have other members: where a
   *     filter or mask is for a role that nobody holds here, nothing is granted
   * @param behind the mirror's rows are not the newest: nothing is granted or lifted for them yet
   */
  public boolean mirrorAccess(
      DatabaseId target, DatabaseAccess access, boolean elsewhere, boolean behind) {
    return applyAccess(target, access, new AccessWriter.Rules(false, elsewhere, behind));
  }

  private boolean applyAccess(DatabaseId target, DatabaseAccess access, AccessWriter.Rules rules) {
    boolean changed = retire(target, access.tenants());
    for (TenantId tenant : access.tenants()) {
      SpaceKey space = new SpaceKey(target, tenant);
      requireSpace(space, tx.databases().get(target).commitSeq());
      changed |= new AccessWriter(tx, space, rules).replace(access);
    }
    return changed;
  }

  private boolean retire(DatabaseId target, List<TenantId> tenants) {
    boolean changed = false;
    for (Space space : tx.spaces().all(target)) {
      boolean used =
          tx.sql()
              .exists(
                  "SELECT 1 FROM schema_ WHERE database_id = ? AND tenant = ? AND dropped_seq IS"
                      + " NULL LIMIT 1",
                  target,
                  space.key().tenant());
      if (!used && !tenants.contains(space.key().tenant())) {
        tx.sql()
            .update(
                "DELETE FROM grant_ WHERE database_id = ? AND tenant = ?",
                target,
                space.key().tenant());
        tx.sources().deleteIn(space.key());
        tx.spaces().retire(space.key());
        tx.grants().changed();
        changed = true;
      }
    }
    return changed;
  }

  private Optional<PrincipalId> principal(PrincipalName name) {
    return tx.principals().find(name).map(Principal::id);
  }
}
