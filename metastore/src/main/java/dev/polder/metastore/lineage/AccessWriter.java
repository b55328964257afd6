package dev.polder.metastore.lineage;

import dev.polder.metastore.access.Policy;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.PolicyId;
import dev.polder.model.PrincipalId;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleId;
import dev.polder.model.SpaceKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Brings a space's grants and policies to those of its source, changing only what differs. Bound to
 * one transaction.
 */
final class AccessWriter {
  private final Transaction tx;
  private final SpaceKey space;
  private final Rules rules;
  private final Map<String, String> schemas;
  private final Map<String, String> collections;

  AccessWriter(Transaction tx, SpaceKey space, Rules rules) {
    this.tx = tx;
    this.space = space;
    this.rules = rules;
    this.schemas = origins("schema_");
    this.collections = origins("collection");
  }

  private Map<String, String> origins(String table) {
    Map<String, String> ids = new HashMap<>();
    tx.sql()
        .list(
            "SELECT origin_id, id FROM "
                + table
                + " WHERE database_id = ? AND tenant = ? AND dropped_seq IS NULL AND origin_id IS"
                + " NOT NULL",
            row -> Optional.ofNullable(ids.put(row.text(), row.text())),
            space.database(),
            space.tenant());
    return ids;
  }

  /** As {@link TakeoverStore#applyAccess} and {@link TakeoverStore#mirrorAccess} say. */
  record Rules(boolean spaceGrants, boolean elsewhere, boolean behind) {}

  private record GrantRow(
      String role, String kind, String schema, String collection, OptionalInt field, String what) {}

  private record PolicyRow(
      String kind,
      String name,
      String collection,
      OptionalInt field,
      Optional<String> role,
      String expression) {
    PolicyRow unnamed() {
      return named("");
    }

    PolicyRow named(String other) {
      return new PolicyRow(kind, other, collection, field, role, expression);
    }
  }

  boolean replace(DatabaseAccess access) {
    boolean changed = grants(access);
    changed |= policies(access);
    if (changed) {
      tx.grants().changed();
    }
    return changed;
  }

  private boolean grants(DatabaseAccess access) {
    Set<String> closed = rules.elsewhere() ? closed(access) : Set.of();
    Map<GrantRow, DatabaseAccess.ObjectGrant> wanted = new HashMap<>();
    for (DatabaseAccess.ObjectGrant grant : access.grants()) {
      if (grant.tenant().equals(space.tenant())
          && (rules.spaceGrants() || grant.schema().isPresent())) {
        row(grant)
            .filter(row ->
                !closed.contains(row.collection().isEmpty() ? row.schema() : row.collection()))
            .ifPresent(row -> wanted.put(row, grant));
      }
    }
    Set<GrantRow> present =
        new HashSet<>(
            tx.sql()
                .list(
                    "SELECT role_id, kind, schema_id, collection_id, field_id, privilege FROM"
                        + " grant_ WHERE database_id = ? AND tenant = ? AND kind <> 'SOURCE' AND"
                        + " (kind <> 'SPACE' OR ? = 1)",
                    row ->
                        new GrantRow(
                            row.text(),
                            row.text(),
                            row.text(),
                            row.text(),
                            row.fieldId(),
                            row.text()),
                    space.database(),
                    space.tenant(),
                    rules.spaceGrants()));
    boolean changed = false;
    for (GrantRow row : present) {
      if (!wanted.containsKey(row)) {
        delete(row);
        changed = true;
      }
    }
    for (Map.Entry<GrantRow, DatabaseAccess.ObjectGrant> grant : wanted.entrySet()) {
      if (!present.contains(grant.getKey()) && !rules.behind()) {
        insert(grant.getKey(), grant.getValue());
        changed = true;
      }
    }
    return changed;
  }

  /** Tables with policies for roles that nobody holds here, and the schemas of these. */
  private Set<String> closed(DatabaseAccess access) {
    Set<String> closed = new HashSet<>();
    for (DatabaseAccess.ObjectPolicy policy : access.policies()) {
      if (policy.tenant().equals(space.tenant())
          && policy.role().filter(it -> it.name().isPresent()).isPresent()) {
        row(policy)
            .filter(row -> !isHeld(row.role().orElseThrow()))
            .ifPresent(row -> {
              closed.add(row.collection());
              closed.addAll(
                  tx.sql()
                      .list(
                          "SELECT schema_id FROM collection WHERE id = ?",
                          it -> it.text(),
                          row.collection()));
            });
      }
    }
    return closed;
  }

  private boolean isHeld(String role) {
    return tx.roles().isHeld(new RoleId(role));
  }

  /** Empty: its object or its holder is not here. */
  private Optional<GrantRow> row(DatabaseAccess.ObjectGrant grant) {
    Optional<String> schema = grant.schema().map(id -> schemas.getOrDefault(id.value(), ""));
    Optional<String> collection =
        grant.collection().map(id -> collections.getOrDefault(id.value(), ""));
    if (schema.filter(String::isEmpty).isPresent()
        || collection.filter(String::isEmpty).isPresent()) {
      return Optional.empty();
    }
    String kind =
        grant.fieldId().isPresent()
            ? "COLUMN"
            : collection.isPresent() ? "COLLECTION" : schema.isPresent() ? "SCHEMA" : "SPACE";
    return role(grant.holder())
        .map(role ->
            new GrantRow(
                role.value(),
                kind,
                schema.orElse(""),
                collection.orElse(""),
                grant.fieldId(),
                grant.privilege().name()));
  }

  private void insert(GrantRow row, DatabaseAccess.ObjectGrant grant) {
    tx.sql()
        .update(
            "INSERT INTO grant_ (role_id, database_id, tenant, kind, schema_id, collection_id,"
                + " field_id, privilege, granted_by, granted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,"
                + " ?) ON CONFLICT DO NOTHING",
            row.role(),
            space.database(),
            space.tenant(),
            row.kind(),
            row.schema(),
            row.collection(),
            row.field(),
            row.what(),
            grant.grantedBy().flatMap(this::principal),
            grant.grantedAt());
  }

  private void delete(GrantRow row) {
    tx.sql()
        .update(
            "DELETE FROM grant_ WHERE role_id = ? AND database_id = ? AND tenant = ? AND kind = ?"
                + " AND schema_id = ? AND collection_id = ? AND field_id = ? AND privilege = ?",
            row.role(),
            space.database(),
            space.tenant(),
            row.kind(),
            row.schema(),
            row.collection(),
            row.field(),
            row.what());
  }

  private boolean policies(DatabaseAccess access) {
    Map<PolicyRow, DatabaseAccess.ObjectPolicy> wanted = new HashMap<>();
    for (DatabaseAccess.ObjectPolicy policy : access.policies()) {
      if (policy.tenant().equals(space.tenant())) {
        row(policy).ifPresent(row -> wanted.put(row, policy));
      }
    }
    Map<PolicyRow, PolicyId> present = new HashMap<>();
    for (Policy policy : tx.policies().all(space)) {
      if (collections.containsValue(policy.collection().value())) {
        present.put(
            new PolicyRow(
                policy.kind().name(),
                policy.name(),
                policy.collection().value(),
                policy.fieldId(),
                policy.role().map(RoleId::value),
                policy.expression()),
            policy.id());
      }
    }
    boolean changed = false;
    for (Map.Entry<PolicyRow, PolicyId> policy : present.entrySet()) {
      if (!wanted.containsKey(policy.getKey()) && !rules.behind()) {
        tx.policies().remove(policy.getValue());
        changed = true;
      }
    }
    for (Map.Entry<PolicyRow, DatabaseAccess.ObjectPolicy> policy : wanted.entrySet()) {
      if (!present.containsKey(policy.getKey())) {
        changed |= create(policy.getKey(), policy.getValue(), present.keySet());
      }
    }
    return changed;
  }

  private Optional<PolicyRow> row(DatabaseAccess.ObjectPolicy policy) {
    String collection = collections.get(policy.collection().value());
    Optional<RoleId> role = policy.role().flatMap(this::role);
    if (collection == null || (policy.role().isPresent() && role.isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        new PolicyRow(
            policy.kind().name(),
            policy.name(),
            collection,
            policy.fieldId(),
            role.map(RoleId::value),
            policy.expression()));
  }

  /**
   * While one of the same name must stay, the new one holds besides under a name of its own.
   *
   * @return false: it does so already
   */
  private boolean create(
      PolicyRow wanted, DatabaseAccess.ObjectPolicy policy, Set<PolicyRow> present) {
    PolicyRow row = wanted;
    if (rules.behind()) {
      if (present.stream().anyMatch(it -> it.unnamed().equals(wanted.unnamed()))) {
        return false;
      }
      if (tx.policies().find(new CollectionId(row.collection()), row.name()).isPresent()) {
        row = row.named(row.name() + " " + tx.newId());
      }
    }
    tx.policies()
        .insert(
            policy.kind(),
            row.name(),
            space,
            new CollectionId(row.collection()),
            row.field(),
            row.role().map(RoleId::new),
            row.expression(),
            policy.createdBy().flatMap(this::principal));
    return true;
  }

  private Optional<RoleId> role(DatabaseAccess.Holder holder) {
    if (holder.principal().isPresent()) {
      return holder
          .principal()
          .flatMap(tx.principals()::find)
          .map(principal -> tx.roles().personal(principal).id());
    }
    return holder
        .name()
        .map(name -> {
          holder
              .tenant()
              .filter(it -> tx.tenants().find(it).isEmpty())
              .ifPresent(tx.tenants()::create);
          Optional<DatabaseId> database = holder.bound().map(bound -> space.database());
          return tx.roles()
              .find(holder.tenant(), database, name)
              .map(Role::id)
              .orElseGet(() -> tx.roles().create(holder.tenant(), database, name).id());
        });
  }

  private Optional<PrincipalId> principal(PrincipalName name) {
    return tx.principals().find(name).map(Principal::id);
  }
}
