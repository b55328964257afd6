package dev.polder.engine.internal.show;

import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.engine.internal.space.PinnedSpace;
import dev.polder.lake.LakeCollection;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.Grant;
import dev.polder.metastore.access.Group;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.model.CollectionId;
import dev.polder.model.GroupName;
import dev.polder.model.PrincipalName;
import dev.polder.model.Privilege;
import dev.polder.model.RoleRef;
import dev.polder.model.SchemaId;
import dev.polder.model.Securable;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.admin.DatabaseGrantAdministration;
import dev.polder.policy.admin.GrantAdministration;
import dev.polder.policy.admin.GroupAdministration;
import dev.polder.policy.admin.RoleAdministration;
import dev.polder.policy.admin.ShownDatabaseGrant;
import dev.polder.policy.admin.ShownGrant;
import dev.polder.sql.statement.Grantee;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * What SHOW GRANTS answers. A user is shown with what it holds through roles, a group with the
 * roles it holds. Grants on what was dropped are left out. For one unit of work.
 */
final class GrantList {
  static final List<Header> COLUMNS =
      List.of(
          Table.text("grantee_kind"),
          Table.text("grantee"),
          Table.text("privilege"),
          Table.text("database"),
          Table.text("tenant"),
          Table.text("schema"),
          Table.text("object"),
          Table.text("column"));

  /** An alias, a schema and a table come before it. */
  private static final int COLUMN_DEPTH = 3;

  private final Work work;
  private final MetastoreTransaction tx;
  private final Table rows = Table.of(COLUMNS);

  private GrantList(Work work, MetastoreTransaction tx) {
    this.work = work;
    this.tx = tx;
  }

  /** Empty grantee: what the session's own principal holds. */
  static Table of(Work work, Optional<Grantee> grantee, Optional<TenantId> tenant) {
    return work.read(tx -> {
      GrantList list = new GrantList(work, tx);
      switch (grantee.orElse(new Grantee.User(work.actor().name()))) {
        case Grantee.User(PrincipalName user) -> list.user(user);
        case Grantee.Role(RoleRef role) -> list.role(work.tenant(tenant), role);
        case Grantee.Group(GroupName group) -> list.group(work.tenant(tenant), group);
      }
      return list.rows;
    });
  }

  private void user(PrincipalName user) {
    DatabaseGrantAdministration.ofUser(tx, work.actor(), user).forEach(this::add);
    GrantAdministration.ofUser(tx, work.actor(), user).forEach(this::add);
    RoleAdministration.heldBy(tx, work.actor(), user).forEach(this::held);
  }

  private void role(Optional<TenantId> tenant, RoleRef role) {
    DatabaseGrantAdministration.ofRole(tx, work.actor(), tenant, role).forEach(this::add);
    GrantAdministration.ofRole(tx, work.actor(), tenant, role).forEach(this::add);
    Role found = RoleAdministration.get(tx, work.actor(), tenant, role);
    tx.roles().heldThrough(found.id()).forEach(this::held);
  }

  private void group(Optional<TenantId> tenant, GroupName name) {
    // Asking for a member makes sure that the group is there and may be looked at.
    GroupAdministration.members(tx, work.actor(), tenant, name, Optional.empty(), 1);
    DatabaseGrantAdministration.ofGroup(tx, work.actor(), tenant, name).forEach(this::add);
    Optional<Group> group = tx.groups().find(tenant, name);
    if (group.isPresent()) {
      for (Role role : tx.roles().heldBy(group.get().id())) {
        held(role);
        tx.roles().heldThrough(role.id()).forEach(this::held);
      }
    }
  }

  /**
   * Whoever may see that a role is held may see what that gives, except in other tenants' spaces: a
   * role of the server has grants in several.
   */
  private void held(Role role) {
    for (Grant grant : tx.grants().ofRole(role.id())) {
      TenantId tenant = grant.securable().space().tenant();
      if (work.actor().tenant().map(tenant::equals).orElse(true)) {
        add(
            "ROLE",
            GrantAdministration.ref(tx, role).toString(),
            grant.privilege(),
            grant.securable());
      }
    }
  }

  private void add(ShownGrant grant) {
    switch (grant.grantee()) {
      case dev.polder.policy.admin.Grantee.ToRole(RoleRef role) ->
          add("ROLE", role.toString(), grant.privilege(), grant.securable());
      case dev.polder.policy.admin.Grantee.ToUser(PrincipalName user) ->
          add("USER", user.value(), grant.privilege(), grant.securable());
      case dev.polder.policy.admin.Grantee.ToGroup(GroupName group) ->
          add("GROUP", group.value(), grant.privilege(), grant.securable());
    }
  }

  /** It is on the database itself, so it names no tenant. */
  private void add(ShownDatabaseGrant grant) {
    List<String> grantee =
        switch (grant.grantee()) {
          case dev.polder.policy.admin.Grantee.ToRole(RoleRef role) ->
              List.of("ROLE", role.toString());
          case dev.polder.policy.admin.Grantee.ToUser(PrincipalName user) ->
              List.of("USER", user.value());
          case dev.polder.policy.admin.Grantee.ToGroup(GroupName group) ->
              List.of("GROUP", group.value());
        };
    tx.databases()
        .find(grant.database())
        .filter(database -> database.droppedAt().isEmpty())
        .ifPresent(database ->
            rows.add(
                grantee.getFirst(),
                grantee.getLast(),
                grant.role().word(),
                database.name().value(),
                null,
                null,
                null,
                null));
  }

  private void add(String kind, String grantee, Privilege privilege, Securable on) {
    SpaceKey space = on.space();
    var database = tx.databases().find(space.database()).filter(it -> it.droppedAt().isEmpty());
    if (database.isEmpty()) {
      return;
    }
    Optional<Where> where =
        switch (on) {
          case Securable.Space ignored -> Optional.of(new Where(null, null, null));
          case Securable.Schema(SpaceKey in, SchemaId schema) ->
              tx.schemas()
                  .find(schema)
                  .filter(found -> found.droppedSeq().isEmpty())
                  .map(found -> new Where(found.name().value(), null, null));
          case Securable.Collection(SpaceKey in, SchemaId schema, CollectionId id) ->
              live(id).map(entry -> Where.of(entry, null));
          case Securable.Column(SpaceKey in, SchemaId schema, CollectionId id, int field) ->
              live(id)
                  .flatMap(entry -> column(entry, field).map(column -> Where.of(entry, column)));
          case Securable.Source source -> ofSource(source);
        };
    where.ifPresent(at ->
        rows.add(
            kind,
            grantee,
            privilege.name(),
            database.get().name().value(),
            space.tenant().value(),
            at.schema(),
            at.object(),
            at.column()));
  }

  private record Where(@Nullable String schema, @Nullable String object, @Nullable String column) {
    static Where of(CollectionEntry entry, @Nullable String column) {
      return new Where(entry.ref().schema().value(), entry.ref().name(), column);
    }
  }

  /** By the name that statements use; what is in a source is in no schema of ours. */
  private Optional<Where> ofSource(Securable.Source on) {
    return tx.sources()
        .find(on.source())
        .map(source -> {
          List<String> names = new ArrayList<>(List.of(source.alias().value()));
          names.addAll(on.path());
          String column = names.size() > COLUMN_DEPTH ? names.removeLast() : null;
          return new Where(null, String.join(".", names), column);
        });
  }

  private Optional<CollectionEntry> live(CollectionId id) {
    return tx.collections().find(id).filter(entry -> entry.droppedSeq().isEmpty());
  }

  private Optional<String> column(CollectionEntry entry, int fieldId) {
    return columnName(
        PinnedSpace.newest(work.context().engine().lake(), tx, entry.space()), entry, fieldId);
  }

  /** The present name of a top-level column; empty when it was dropped. */
  static Optional<String> columnName(PinnedSpace reader, CollectionEntry entry, int fieldId) {
    Optional<LakeCollection> found = reader.find(entry.ref(), Optional.empty());
    return found
        .map(object -> reader.schema(object))
        .flatMap(schema -> field(schema, fieldId))
        .map(Types.NestedField::name);
  }

  private static Optional<Types.NestedField> field(Schema schema, int fieldId) {
    return schema.columns().stream().filter(field -> field.fieldId() == fieldId).findFirst();
  }
}
