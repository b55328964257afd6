package dev.polder.policy.admin;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.Group;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.audit.EventType;
import dev.polder.model.ErrorCode;
import dev.polder.model.GroupName;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import dev.polder.policy.internal.AuditRows;
import java.util.Map;
import java.util.Optional;

/**
 * Creates and drops groups and their memberships: the work of superusers, and of a {@code
 * tenant_admin} in its tenant. A tenant's group has members of that tenant only. Stateless; each
 * call belongs to the caller's transaction.
 */
public final class GroupAdministration {
  private GroupAdministration() {}

  /**
   * Creates a group.
   *
   * @param tenant empty: a group of the server
   */
  public static Group create(
      MetastoreTransaction tx, Identity actor, Optional<TenantId> tenant, GroupName name) {
    Actor.of(tx, actor).requireAdministrationOf(tenant, "create groups");
    Group group = tx.groups().create(tenant, name);
    audit(tx, actor, EventType.GROUP_CREATED, group, Map.of());
    return group;
  }

  public static void drop(
      MetastoreTransaction tx, Identity actor, Optional<TenantId> tenant, GroupName name) {
    Group group = administered(tx, actor, tenant, name);
    tx.groups().delete(group.id());
    audit(tx, actor, EventType.GROUP_DROPPED, group, Map.of());
  }

  public static Page<Group> list(
      MetastoreTransaction tx,
      Identity actor,
      Optional<TenantId> tenant,
      Optional<String> after,
      int limit) {
    Actor.of(tx, actor).requireAdministrationOf(tenant, "list groups");
    return tx.groups().list(tenant, after, limit);
  }

  /** False: the user is a member already. */
  public static boolean addMember(
      MetastoreTransaction tx,
      Identity actor,
      Optional<TenantId> tenant,
      GroupName name,
      PrincipalName user) {
    Group group = administered(tx, actor, tenant, name);
    Principal member = Actor.of(tx, actor).principal(user);
    if (group.tenant().isPresent() && !group.tenant().equals(member.tenant())) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "user '" + user + "' is not of the tenant '" + group.tenant().get() + "' of the group");
    }
    boolean added = tx.groups().addMember(group.id(), member.id());
    audit(tx, actor, EventType.MEMBER_ADDED, group, Map.of("user", user.value()));
    return added;
  }

  /** False: the user was no member. */
  public static boolean removeMember(
      MetastoreTransaction tx,
      Identity actor,
      Optional<TenantId> tenant,
      GroupName name,
      PrincipalName user) {
    Group group = administered(tx, actor, tenant, name);
    Principal member = Actor.of(tx, actor).principal(user);
    boolean removed = tx.groups().removeMember(group.id(), member.id());
    audit(tx, actor, EventType.MEMBER_REMOVED, group, Map.of("user", user.value()));
    return removed;
  }

  /** A group's members by name. */
  public static Page<User> members(
      MetastoreTransaction tx,
      Identity actor,
      Optional<TenantId> tenant,
      GroupName name,
      Optional<String> after,
      int limit) {
    Group group = administered(tx, actor, tenant, name);
    Page<Principal> page = tx.principals().listMembers(group.id(), after, limit);
    return new Page<>(page.items().stream().map(User::of).toList(), page.next());
  }

  private static Group administered(
      MetastoreTransaction tx, Identity actor, Optional<TenantId> tenant, GroupName name) {
    Actor acting = Actor.of(tx, actor);
    acting.requireAdministrationOf(tenant, "administer groups");
    return acting.group(tenant, name);
  }

  private static void audit(
      MetastoreTransaction tx,
      Identity actor,
      EventType type,
      Group group,
      Map<String, String> detail) {
    AuditRows.changed(tx, Optional.of(actor), group.tenant(), type, group.name().value(), detail);
  }
}
