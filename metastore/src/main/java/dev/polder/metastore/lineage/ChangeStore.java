package dev.polder.metastore.lineage;

import dev.polder.metastore.access.Grant;
import dev.polder.metastore.access.Policy;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.Space;
import dev.polder.metastore.catalog.VersionedCollection;
import dev.polder.metastore.catalog.VersionedSchema;
import dev.polder.metastore.commit.CommitFile;
import dev.polder.metastore.commit.CommitInfo;
import dev.polder.metastore.commit.FileChange;
import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleId;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.Securable;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Tells what a database held after a commit, what its commits changed, and who may do what in it,
 * for another database to take over. Bound to one transaction.
 */
public final class ChangeStore {
  private static final String OWNER = " LEFT JOIN principal p ON p.id = c.owner";

  private final Transaction tx;

  public ChangeStore(Transaction tx) {
    this.tx = tx;
  }

  /** All that the database held after a commit; {@code VERSION_NOT_FOUND} if that is not kept. */
  public DatabaseCommit whole(DatabaseId id, long seq) {
    Database database = tx.databases().get(id);
    if (seq < 0 || seq > database.commitSeq()) {
      throw new PolderException(
          ErrorCode.VERSION_NOT_FOUND,
          "database "
              + database.name()
              + " has no commit "
              + seq
              + "; its newest is "
              + database.commitSeq());
    }
    List<SchemaState> schemas = new ArrayList<>();
    List<CollectionState> collections = new ArrayList<>();
    for (Space space : tx.spaces().all(id)) {
      Optional<Moment> moment = tx.history().after(space.key(), seq);
      if (moment.isPresent()) {
        schemas(moment.get(), schemas);
        collections(moment.get(), collections);
      }
    }
    Optional<CommitInfo> commit = tx.commits().find(id, seq);
    return new DatabaseCommit(
        seq,
        commit.map(CommitInfo::committedAt).orElse(database.createdAt()),
        true,
        commit.flatMap(CommitInfo::principal),
        commit.map(CommitInfo::tenant).orElse(TenantId.DEFAULT),
        commit.map(CommitInfo::operation).orElse("CREATE DATABASE"),
        schemas,
        collections,
        List.of());
  }

  private void schemas(Moment moment, List<SchemaState> into) {
    for (VersionedSchema schema : tx.history().schemas(moment)) {
      into.add(
          new SchemaState(
              schema.id(),
              moment.space().tenant(),
              schema.name(),
              tx.sql()
                  .one("SELECT properties FROM schema_ WHERE id = ?", Row::properties, schema.id())
                  .orElse(Map.of()),
              false));
    }
  }

  private void collections(Moment moment, List<CollectionState> into) {
    Map<String, PrincipalName> owners = owners(moment.space());
    for (VersionedCollection it : tx.history().collections(moment)) {
      into.add(
          new CollectionState(
              it.id(),
              moment.space().tenant(),
              it.schema(),
              it.kind(),
              it.ref().name(),
              it.icebergUuid(),
              it.location(),
              Optional.of(it.metadataLocation()),
              Optional.ofNullable(owners.get(it.id().value())),
              false));
    }
  }

  private Map<String, PrincipalName> owners(SpaceKey space) {
    Map<String, PrincipalName> owners = new HashMap<>();
    tx.sql()
        .list(
            "SELECT c.id, p.name FROM collection c JOIN principal p ON p.id = c.owner WHERE"
                + " c.database_id = ? AND c.tenant = ?",
            row -> Optional.ofNullable(owners.put(row.text(), new PrincipalName(row.text()))),
            space.database(),
            space.tenant());
    return owners;
  }

  /**
   * The commits after one, oldest first, without a gap. {@code VERSION_NOT_FOUND} when the first of
   * them are not kept any more: who follows must begin again with {@link #whole}.
   */
  public List<DatabaseCommit> after(DatabaseId id, long seq, int limit) {
    Database database = tx.databases().get(id);
    if (seq + 1 < database.historySeq() || seq > database.commitSeq()) {
      throw new PolderException(
          ErrorCode.VERSION_NOT_FOUND,
          "database "
              + database.name()
              + " does not keep all commits after "
              + seq
              + "; it keeps those from "
              + database.historySeq()
              + " to "
              + database.commitSeq());
    }
    List<CommitInfo> log =
        tx.sql()
            .list(
                "SELECT seq, committed_at, principal, tenant, operation FROM commit_log WHERE"
                    + " database_id = ? AND seq > ? ORDER BY seq LIMIT ?",
                row ->
                    new CommitInfo(
                        row.integer(),
                        row.integer(),
                        row.optionalText().map(PrincipalName::new),
                        new TenantId(row.text()),
                        row.text()),
                id,
                seq,
                limit);
    if (log.isEmpty()) {
      return List.of();
    }
    long last = log.getLast().seq();
    Map<Long, List<SchemaState>> schemas = changedSchemas(id, seq, last);
    Map<Long, List<CollectionState>> collections = changedCollections(id, seq, last);
    Map<Long, List<FileChange>> files = new HashMap<>();
    for (CommitFile file : tx.storage().files(id, seq + 1, last)) {
      files.computeIfAbsent(file.seq(), ignored -> new ArrayList<>()).add(file.change());
    }
    return log.stream()
        .map(commit ->
            new DatabaseCommit(
                commit.seq(),
                commit.committedAt(),
                false,
                commit.principal(),
                commit.tenant(),
                commit.operation(),
                schemas.getOrDefault(commit.seq(), List.of()),
                collections.getOrDefault(commit.seq(), List.of()),
                files.getOrDefault(commit.seq(), List.of())))
        .toList();
  }

  private Map<Long, List<SchemaState>> changedSchemas(DatabaseId id, long after, long last) {
    Map<Long, List<SchemaState>> changed = new HashMap<>();
    tx.sql()
        .list(
            "SELECT v.seq, v.schema_id, v.tenant, v.name, s.properties, v.dropped FROM"
                + " schema_version v JOIN schema_ s ON s.id = v.schema_id WHERE v.database_id = ?"
                + " AND v.seq > ? AND v.seq <= ? ORDER BY v.seq, v.dropped DESC, v.schema_id",
            row ->
                changed
                    .computeIfAbsent(row.integer(), ignored -> new ArrayList<>())
                    .add(
                        new SchemaState(
                            new SchemaId(row.text()),
                            new TenantId(row.text()),
                            new SchemaName(row.text()),
                            row.properties(),
                            row.flag())),
            id,
            after,
            last);
    return changed;
  }

  private Map<Long, List<CollectionState>> changedCollections(
      DatabaseId id, long after, long last) {
    Map<Long, List<CollectionState>> changed = new HashMap<>();
    tx.sql()
        .list(
            "SELECT v.seq, c.id, c.tenant, v.schema_id, v.kind, v.name, c.iceberg_uuid,"
                + " c.location, v.metadata_location, p.name, 0 FROM collection c JOIN"
                + " table_version v ON v.collection_id = c.id"
                + OWNER
                + " WHERE c.database_id = ? AND v.seq > ? AND v.seq <= ? UNION ALL SELECT"
                + " c.cut_end, c.id, c.tenant, v.schema_id, c.kind, v.name, c.iceberg_uuid,"
                + " c.location, v.metadata_location, p.name, 1 FROM collection c JOIN"
                + " table_version v ON v.collection_id = c.id AND v.seq = (SELECT MAX(l.seq) FROM"
                + " table_version l WHERE l.collection_id = c.id AND l.seq <= c.cut_end)"
                + OWNER
                + " WHERE c.database_id = ? AND c.cut_end > ? AND c.cut_end <= ? AND v.metadata_location IS NOT"
                + " NULL ORDER BY 1, 2",
            row ->
                changed
                    .computeIfAbsent(row.integer(), ignored -> new ArrayList<>())
                    .add(collection(row)),
            id,
            after,
            last,
            id,
            after,
            last);
    return changed;
  }

  private static CollectionState collection(Row row) throws SQLException {
    return new CollectionState(
        new CollectionId(row.text()),
        new TenantId(row.text()),
        new SchemaId(row.text()),
        row.enumeration(CollectionKind.class),
        row.text(),
        row.text(),
        row.text(),
        row.optionalText(),
        row.optionalText().map(PrincipalName::new),
        row.flag());
  }

  /** Who may do what in the database now. */
  public DatabaseAccess access(DatabaseId id) {
    List<TenantId> tenants = new ArrayList<>();
    List<DatabaseAccess.ObjectGrant> grants = new ArrayList<>();
    List<DatabaseAccess.ObjectPolicy> policies = new ArrayList<>();
    Map<RoleId, Optional<DatabaseAccess.Holder>> holders = new HashMap<>();
    for (Space space : tx.spaces().all(id)) {
      tenants.add(space.key().tenant());
      for (Grant grant : tx.grants().all(space.key())) {
        holder(grant.role(), holders)
            .flatMap(holder -> grant(grant, holder))
            .ifPresent(grants::add);
      }
      for (Policy policy : tx.policies().all(space.key())) {
        Optional<DatabaseAccess.Holder> role = policy.role().flatMap(it -> holder(it, holders));
        // A policy for a role that is gone fits nobody.
        if (policy.role().isEmpty() || role.isPresent()) {
          policies.add(policy(policy, role));
        }
      }
    }
    return new DatabaseAccess(tenants, grants, policies);
  }

  /** Empty: it is on a source, which stays where it is attached. */
  private Optional<DatabaseAccess.ObjectGrant> grant(Grant grant, DatabaseAccess.Holder holder) {
    Optional<SchemaId> schema = Optional.empty();
    Optional<CollectionId> collection = Optional.empty();
    OptionalInt field = OptionalInt.empty();
    switch (grant.securable()) {
      case Securable.Space ignored -> {}
      case Securable.Schema it -> schema = Optional.of(it.schema());
      case Securable.Collection it -> {
        schema = Optional.of(it.schema());
        collection = Optional.of(it.collection());
      }
      case Securable.Column it -> {
        schema = Optional.of(it.schema());
        collection = Optional.of(it.collection());
        field = OptionalInt.of(it.fieldId());
      }
      case Securable.Source ignored -> {
        return Optional.empty();
      }
    }
    return Optional.of(
        new DatabaseAccess.ObjectGrant(
            grant.securable().space().tenant(),
            holder,
            grant.privilege(),
            schema,
            collection,
            field,
            name(grant.grantedBy()),
            grant.grantedAt()));
  }

  private DatabaseAccess.ObjectPolicy policy(Policy policy, Optional<DatabaseAccess.Holder> role) {
    return new DatabaseAccess.ObjectPolicy(
        policy.space().tenant(),
        policy.collection(),
        policy.kind(),
        policy.name(),
        policy.fieldId(),
        role,
        policy.expression(),
        name(policy.createdBy()));
  }

  private Optional<PrincipalName> name(Optional<PrincipalId> principal) {
    return principal.flatMap(tx.principals()::find).map(Principal::name);
  }

  private Optional<DatabaseAccess.Holder> holder(
      RoleId id, Map<RoleId, Optional<DatabaseAccess.Holder>> known) {
    return known.computeIfAbsent(id, role -> tx.roles().find(role).flatMap(this::holder));
  }

  private Optional<DatabaseAccess.Holder> holder(Role role) {
    return role.personalOf().isPresent()
        ? name(role.personalOf()).map(DatabaseAccess.Holder::own)
        : Optional.of(DatabaseAccess.Holder.role(role));
  }
}
