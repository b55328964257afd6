package dev.polder.metastore.lineage;

import dev.polder.metastore.access.Policy;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.catalog.VersionedCollection;
import dev.polder.metastore.catalog.VersionedSchema;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.DatabaseId;
import dev.polder.model.RoleId;
import dev.polder.model.SpaceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Copies the rows of a space as of one moment into another one: never a file, so that its cost is
 * in the number of collections. Bound to one transaction.
 */
public final class CutStore {
  /** What a tenant's users, roles and groups hold on a database. */
  private static final String HELD =
      " WHERE database_id = ? AND (role_id IN (SELECT id FROM role WHERE tenant = ?) OR role_id"
          + " IN (SELECT r.id FROM role r JOIN principal p ON p.id = r.personal_of WHERE p.tenant"
          + " = ?) OR group_id IN (SELECT id FROM user_group WHERE tenant = ?))";

  private final Transaction tx;

  public CutStore(Transaction tx) {
    this.tx = tx;
  }

  /**
   * The Iceberg identity of a copy.
   *
   * @param location the directory of its own files
   */
  public record Identity(String uuid, String location) {}

  /**
   * Gives a space that has just been made with an origin all schemas and collections of the moment
   * under new ids, as made by the commit, and the ids of what was dropped before, so that its
   * history can be asked for. The moment's space is the origin.
   */
  public void copyCatalog(
      Moment moment,
      SpaceKey to,
      CommitOutcome.Committed commit,
      Function<VersionedCollection, Identity> identities) {
    Map<String, String> schemas = copySchemas(moment, to, commit);
    copyCollections(moment, to, commit, schemas, identities);
    copyDropped(moment, to, commit, schemas);
  }

  private Map<String, String> copySchemas(
      Moment moment, SpaceKey to, CommitOutcome.Committed commit) {
    Map<String, String> ids = new HashMap<>();
    List<@Nullable Object[]> rows = new ArrayList<>();
    List<@Nullable Object[]> versions = new ArrayList<>();
    for (VersionedSchema schema : tx.history().schemas(moment)) {
      String id = tx.newId().toString();
      ids.put(schema.id().value(), id);
      rows.add(
          new @Nullable Object[] {
            id,
            to.database(),
            to.tenant(),
            schema.name(),
            schema.name().key(),
            commit.seq(),
            schema.id(),
            schema.id()
          });
      versions.add(
          new @Nullable Object[] {
            id,
            commit.seq(),
            commit.committedAt(),
            to.database(),
            to.tenant(),
            schema.name(),
            schema.name().key()
          });
    }
    tx.sql()
        .updateAll(
            "INSERT INTO schema_ (id, database_id, tenant, name, name_key, properties,"
                + " created_seq, origin_id) SELECT ?, ?, ?, ?, ?, s.properties, ?, ? FROM schema_ s"
                + " WHERE s.id = ?",
            rows);
    tx.sql()
        .updateAll(
            "INSERT INTO schema_version (schema_id, seq, committed_at, database_id, tenant, name,"
                + " name_key, dropped) VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
            versions);
    return ids;
  }

  private void copyCollections(
      Moment moment,
      SpaceKey to,
      CommitOutcome.Committed commit,
      Map<String, String> schemas,
      Function<VersionedCollection, Identity> identities) {
    Map<String, @Nullable String> owners = owners(moment.space());
    Map<String, String> holders = tx.history().holderIds(moment);
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (VersionedCollection source : tx.history().collections(moment)) {
      Identity identity = identities.apply(source);
      rows.add(
          new @Nullable Object[] {
            tx.newId().toString(),
            schemas.get(source.schema().value()),
            to.database(),
            to.tenant(),
            source.kind(),
            source.ref().name(),
            source.ref().key(),
            identity.uuid(),
            identity.location(),
            source.metadataLocation(),
            commit.seq(),
            owners.get(source.id().value()),
            commit.seq(),
            source.id(),
            moment.seq(),
            holders.getOrDefault(source.id().value(), source.id().value())
          });
    }
    tx.sql()
        .updateAll(
            "INSERT INTO collection (id, schema_id, database_id, tenant, kind, name, name_key,"
                + " iceberg_uuid, location, metadata_location, version_seq, owner, created_seq,"
                + " origin_id, origin_seq, cut_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                + " ?)",
            rows);
    tx.sql()
        .update(
            "INSERT INTO table_version (collection_id, seq, committed_at, schema_id, name,"
                + " name_key, kind, metadata_location) SELECT id, created_seq, ?, schema_id, name,"
                + " name_key, kind, metadata_location FROM collection WHERE database_id = ? AND"
                + " tenant = ? AND created_seq = ? AND dropped_seq IS NULL ORDER BY id",
            commit.committedAt(),
            to.database(),
            to.tenant(),
            commit.seq());
  }

  private Map<String, @Nullable String> owners(SpaceKey space) {
    Map<String, @Nullable String> owners = new HashMap<>();
    tx.sql()
        .list(
            "SELECT id, owner FROM collection WHERE database_id = ? AND tenant = ?",
            row -> owners.put(row.text(), row.optionalText().orElse(null)),
            space.database(),
            space.tenant());
    return owners;
  }

  /** Schemas and collections of the origin that were gone at the moment: ids without versions. */
  private void copyDropped(
      Moment moment, SpaceKey to, CommitOutcome.Committed commit, Map<String, String> schemas) {
    SpaceKey from = moment.space();
    List<@Nullable Object[]> goneSchemas = new ArrayList<>();
    tx.sql()
        .list(
            "SELECT s.id FROM schema_ s WHERE s.database_id = ? AND s.tenant = ? AND s.id NOT IN"
                + " (SELECT n.origin_id FROM schema_ n WHERE n.database_id = ? AND n.tenant = ? AND"
                + " n.created_seq = ? AND n.origin_id IS NOT NULL)",
            row -> {
              String origin = row.text();
              String id = tx.newId().toString();
              schemas.put(origin, id);
              return goneSchemas.add(
                  new @Nullable Object[] {
                    id,
                    to.database(),
                    to.tenant(),
                    "\n" + id,
                    commit.seq(),
                    commit.seq(),
                    origin,
                    origin
                  });
            },
            from.database(),
            from.tenant(),
            to.database(),
            to.tenant(),
            commit.seq());
    tx.sql()
        .updateAll(
            "INSERT INTO schema_ (id, database_id, tenant, name, name_key, properties,"
                + " created_seq, dropped_seq, origin_id) SELECT ?, ?, ?, s.name, ?, s.properties,"
                + " ?, ?, ? FROM schema_ s WHERE s.id = ?",
            goneSchemas);
    List<@Nullable Object[]> goneCollections = new ArrayList<>();
    tx.sql()
        .list(
            "SELECT c.id, c.schema_id FROM collection c WHERE c.database_id = ? AND c.tenant = ?"
                + " AND (c.created_seq <= ? OR c.origin_id IS NOT NULL) AND (c.dropped_seq IS NULL OR"
                + " c.dropped_seq > (SELECT d.history_seq FROM database_ d WHERE d.id ="
                + " c.database_id)) AND c.id NOT IN (SELECT n.origin_id FROM collection n WHERE"
                + " n.database_id = ? AND n.tenant = ? AND n.created_seq = ? AND n.origin_id IS NOT"
                + " NULL)",
            row -> {
              String origin = row.text();
              String id = tx.newId().toString();
              return goneCollections.add(
                  new @Nullable Object[] {
                    id,
                    schemas.get(row.text()),
                    to.database(),
                    to.tenant(),
                    "\n" + id,
                    commit.seq(),
                    commit.seq(),
                    commit.seq(),
                    origin,
                    moment.seq(),
                    origin
                  });
            },
            from.database(),
            from.tenant(),
            moment.seq(),
            to.database(),
            to.tenant(),
            commit.seq());
    tx.sql()
        .updateAll(
            "INSERT INTO collection (id, schema_id, database_id, tenant, kind, name, name_key,"
                + " iceberg_uuid, location, metadata_location, version_seq, owner, created_seq,"
                + " dropped_seq, origin_id, origin_seq) SELECT ?, ?, ?, ?, c.kind, c.name, ?,"
                + " c.iceberg_uuid, c.location, c.metadata_location, ?, c.owner, ?, ?, ?, ? FROM"
                + " collection c WHERE c.id = ?",
            goneCollections);
  }

  /** Gives a space what another one's tables are charged with: the files go with it. */
  public void moveLedger(SpaceKey from, SpaceKey to, CommitOutcome.Committed commit) {
    tx.sql()
        .update(
            "INSERT INTO storage_ledger (database_id, tenant, collection_id, bytes, files,"
                + " shared_bytes, shared_files) SELECT n.database_id, n.tenant, n.id, l.bytes,"
                + " l.files, l.shared_bytes, l.shared_files FROM collection n JOIN storage_ledger l"
                + " ON l.database_id = ? AND l.tenant = ? AND l.collection_id = n.origin_id WHERE"
                + " n.database_id = ? AND n.tenant = ? AND n.created_seq = ? AND n.dropped_seq IS"
                + " NULL",
            from.database(),
            from.tenant(),
            to.database(),
            to.tenant(),
            commit.seq());
  }

  /**
   * Moves the sources, and the grants on these and on the space as a whole, and takes away all
   * others.
   *
   * @return who owned the source and, as others live in the target, may only edit that
   */
  public List<String> moveAccess(SpaceKey from, SpaceKey to) {
    tx.sql()
        .update(
            "INSERT INTO grant_ (role_id, database_id, tenant, kind, schema_id, collection_id,"
                + " field_id, privilege, granted_by, granted_at) SELECT role_id, ?, tenant, kind,"
                + " schema_id, collection_id, field_id, privilege, granted_by, granted_at FROM"
                + " grant_ WHERE database_id = ? AND tenant = ? AND kind IN ('SPACE', 'SOURCE') ON"
                + " CONFLICT DO NOTHING",
            to.database(),
            from.database(),
            from.tenant());
    List<String> lowered = moveDatabaseRoles(from, to);
    beginElsewhere(from, to.database());
    tx.sources().move(from, to);
    takeAccess(from);
    return lowered;
  }

  /**
   * Takes from a tenant what was granted in the space and to its users, roles and groups on the
   * database, its sources there too, and nobody's sessions begin there. The policies stay with what
   * was dropped: a transaction that began before still reads it.
   */
  public void takeAccess(SpaceKey space) {
    beginElsewhere(space, null);
    tx.sources().deleteIn(space);
    tx.sql()
        .update(
            "DELETE FROM database_grant" + HELD,
            space.database(),
            space.tenant(),
            space.tenant(),
            space.tenant());
    tx.sql()
        .update(
            "DELETE FROM grant_ WHERE database_id = ? AND tenant = ?",
            space.database(),
            space.tenant());
    tx.roles().of(space).forEach(role -> tx.roles().delete(role.id()));
    tx.grants().changed();
  }

  /** The default of the tenant and its users, where it was the database, is another one or none. */
  private void beginElsewhere(SpaceKey space, @Nullable DatabaseId to) {
    for (String table : List.of("principal", "tenant")) {
      tx.sql()
          .update(
              "UPDATE "
                  + table
                  + " SET default_database_id = ? WHERE default_database_id = ? AND "
                  + (table.equals("tenant") ? "id" : "tenant")
                  + " = ?",
              to,
              space.database(),
              space.tenant());
    }
  }

  /**
   * What the tenant's users, roles and groups hold on the database as a whole. Who owned it does
   * not come to own one that others live in.
   */
  private List<String> moveDatabaseRoles(SpaceKey from, SpaceKey to) {
    String lives = "EXISTS (SELECT 1 FROM space s WHERE s.database_id = ? AND s.tenant <> ?)";
    List<String> lowered =
        tx.sql()
            .list(
                "SELECT COALESCE((SELECT p.name FROM role r JOIN principal p ON p.id ="
                    + " r.personal_of WHERE r.id = role_id), (SELECT r.name FROM role r WHERE r.id"
                    + " = role_id), (SELECT g.name FROM user_group g WHERE g.id = group_id)) FROM"
                    + " database_grant"
                    + HELD
                    + " AND database_role = 'OWNER' AND "
                    + lives
                    + " ORDER BY 1",
                Row::text,
                from.database(),
                from.tenant(),
                from.tenant(),
                from.tenant(),
                to.database(),
                to.tenant());
    tx.sql()
        .update(
            "INSERT INTO database_grant (database_id, database_role, role_id, group_id, granted_by,"
                + " granted_at) SELECT ?, CASE WHEN database_role = 'OWNER' AND "
                + lives
                + " THEN 'EDITOR' ELSE database_role END, role_id, group_id, granted_by, granted_at"
                + " FROM database_grant"
                + HELD
                + " ON CONFLICT DO NOTHING",
            to.database(),
            to.database(),
            to.tenant(),
            from.database(),
            from.tenant(),
            from.tenant(),
            from.tenant());
    return lowered;
  }

  /** Drops all that a space holds, as part of the commit; its history stays. */
  public void clear(SpaceKey space, CommitOutcome.Committed commit) {
    tx.sql()
        .update(
            "INSERT INTO table_version (collection_id, seq, committed_at, schema_id, name,"
                + " name_key, kind, metadata_location) SELECT id, ?, ?, schema_id, name, name_key,"
                + " kind, NULL FROM collection WHERE database_id = ? AND tenant = ? AND dropped_seq"
                + " IS NULL",
            commit.seq(),
            commit.committedAt(),
            space.database(),
            space.tenant());
    tx.sql()
        .update(
            "UPDATE collection SET dropped_seq = ?, version_seq = ? WHERE database_id = ? AND"
                + " tenant = ? AND dropped_seq IS NULL",
            commit.seq(),
            commit.seq(),
            space.database(),
            space.tenant());
    tx.sql()
        .update(
            "INSERT INTO schema_version (schema_id, seq, committed_at, database_id, tenant, name,"
                + " name_key, dropped) SELECT id, ?, ?, database_id, tenant, name, name_key, 1 FROM"
                + " schema_ WHERE database_id = ? AND tenant = ? AND dropped_seq IS NULL",
            commit.seq(),
            commit.committedAt(),
            space.database(),
            space.tenant());
    tx.sql()
        .update(
            "UPDATE schema_ SET dropped_seq = ? WHERE database_id = ? AND tenant = ? AND"
                + " dropped_seq IS NULL",
            commit.seq(),
            space.database(),
            space.tenant());
    tx.sql()
        .update(
            "DELETE FROM storage_ledger WHERE database_id = ? AND tenant = ?",
            space.database(),
            space.tenant());
  }

  /**
   * Copies the grants on schemas, tables, views and columns, and the row filters and masks. Roles
   * that belong to the one database get namesakes in the other one, which the same roles, users and
   * groups hold.
   */
  public void copyAccess(SpaceKey from, SpaceKey to, CommitOutcome.Committed commit) {
    tx.sql()
        .update(
            "INSERT INTO grant_ (role_id, database_id, tenant, kind, schema_id, collection_id,"
                + " field_id, privilege, granted_by, granted_at) SELECT g.role_id,"
                + " s.database_id, s.tenant, g.kind, s.id, COALESCE(c.id, ''), g.field_id,"
                + " g.privilege, g.granted_by, g.granted_at FROM grant_ g JOIN schema_ s ON"
                + " s.origin_id = g.schema_id AND s.database_id = ? AND s.tenant = ? AND"
                + " s.created_seq = ? LEFT JOIN collection c ON c.origin_id = g.collection_id AND"
                + " c.database_id = s.database_id AND c.tenant = s.tenant AND c.created_seq ="
                + " s.created_seq WHERE g.database_id = ? AND g.tenant = ? AND g.schema_id <> ''"
                + " AND (g.collection_id = '' OR c.id IS NOT NULL)",
            to.database(),
            to.tenant(),
            commit.seq(),
            from.database(),
            from.tenant());
    Map<String, String> collections = new HashMap<>();
    tx.sql()
        .list(
            "SELECT origin_id, id FROM collection WHERE database_id = ? AND tenant = ? AND"
                + " created_seq = ? AND origin_id IS NOT NULL",
            row -> collections.put(row.text(), row.text()),
            to.database(),
            to.tenant(),
            commit.seq());
    List<@Nullable Object[]> policies = new ArrayList<>();
    for (Policy policy : tx.policies().all(from)) {
      String collection = collections.get(policy.collection().value());
      if (collection != null) {
        policies.add(
            new @Nullable Object[] {
              tx.newId().toString(), to.database(), to.tenant(), collection, policy.id()
            });
      }
    }
    tx.sql()
        .updateAll(
            "INSERT INTO policy (id, kind, name, database_id, tenant, collection_id, field_id,"
                + " role_id, expression, created_by, created_at) SELECT ?, kind, name, ?, ?, ?,"
                + " field_id, role_id, expression, created_by, created_at FROM policy WHERE id = ?",
            policies);
    copyRoles(from, to);
    tx.grants().changed();
  }

  private void copyRoles(SpaceKey from, SpaceKey to) {
    Map<RoleId, RoleId> copies = new HashMap<>();
    List<RoleId> made = new ArrayList<>();
    Optional<DatabaseId> target = Optional.of(to.database());
    for (Role role : tx.roles().of(from)) {
      Optional<Role> there = tx.roles().find(role.tenant(), target, role.name());
      Role copy = there.orElseGet(() -> tx.roles().create(role.tenant(), target, role.name()));
      copies.put(role.id(), copy.id());
      if (there.isEmpty()) {
        made.add(role.id());
      }
    }
    copies.forEach((role, copy) -> {
      for (String table : List.of("grant_", "policy")) {
        tx.sql()
            .update(
                "UPDATE "
                    + table
                    + " SET role_id = ? WHERE role_id = ? AND database_id = ? AND tenant = ?",
                copy,
                role,
                to.database(),
                to.tenant());
      }
    });
    for (RoleId role : made) {
      RoleId copy = copies.get(role);
      for (String table : List.of("principal_role", "group_role", "role_role")) {
        String member = table.equals("role_role") ? "member_id" : table.replace("_role", "_id");
        tx.sql()
            .update(
                "INSERT INTO "
                    + table
                    + " ("
                    + member
                    + ", role_id) SELECT "
                    + member
                    + ", ? FROM "
                    + table
                    + " WHERE role_id = ?",
                copy,
                role);
      }
    }
    // Among the roles of one database some may hold others.
    copies.forEach((role, copy) ->
        tx.sql()
            .update(
                "UPDATE role_role SET member_id = ? WHERE member_id = ? AND role_id IN (SELECT id"
                    + " FROM role WHERE database_id = ?)",
                copy,
                role,
                to.database()));
  }

  /**
   * Reports all files of a copy as shared with its origin: what the origin's tables occupied after
   * the commit of the cut.
   */
  public void shareLedger(SpaceKey from, SpaceKey to, CommitOutcome.Committed commit) {
    tx.sql()
        .update(
            "INSERT INTO storage_ledger (database_id, tenant, collection_id, bytes, files,"
                + " shared_bytes, shared_files) SELECT n.database_id, n.tenant, n.id, 0, 0,"
                + " COALESCE(l.bytes + l.shared_bytes, 0) - COALESCE(x.bytes, 0),"
                + " COALESCE(l.files + l.shared_files, 0) - COALESCE(x.files, 0) FROM collection n"
                + " LEFT JOIN storage_ledger l ON l.database_id = ? AND l.tenant = ? AND l.collection_id"
                + " = n.origin_id LEFT JOIN (SELECT"
                + " f.collection_id, SUM(CASE WHEN f.kind IN ('ADDED', 'SHARED') THEN f.bytes ELSE"
                + " -f.bytes END) AS bytes, SUM(CASE WHEN f.kind IN ('ADDED', 'SHARED') THEN 1 ELSE -1"
                + " END) AS files"
                + " FROM commit_file f JOIN collection c ON c.origin_id = f.collection_id AND"
                + " c.database_id = ? AND c.tenant = ? AND c.created_seq = ? WHERE f.seq >"
                + " c.origin_seq GROUP BY f.collection_id) x ON x.collection_id = n.origin_id WHERE"
                + " n.database_id = ? AND n.tenant = ? AND n.created_seq = ? AND n.dropped_seq IS"
                + " NULL",
            from.database(),
            from.tenant(),
            to.database(),
            to.tenant(),
            commit.seq(),
            to.database(),
            to.tenant(),
            commit.seq());
  }
}
