package dev.polder.policy;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.DatabaseGrant;
import dev.polder.metastore.access.Group;
import dev.polder.metastore.access.Policy;
import dev.polder.metastore.access.PolicyKind;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.access.TokenScope;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseRole;
import dev.polder.model.GroupId;
import dev.polder.model.RoleId;
import dev.polder.model.Securable;
import dev.polder.model.SpaceKey;
import dev.polder.policy.internal.BuiltIn;
import dev.polder.policy.internal.EffectiveRoles;
import dev.polder.policy.internal.GrantIndex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Reads what one principal may do in one space from the metastore. */
final class AccessLoader {
  private AccessLoader() {}

  static Access load(MetastoreTransaction tx, Identity identity, SpaceKey space) {
    EffectiveRoles.requireRotated(identity.scope());
    Optional<Principal> principal =
        tx.principals()
            .find(identity.id())
            .filter(found -> !found.disabled() && mayEnter(found, space));
    return principal.isPresent()
        ? load(
            tx, principal.get(), EffectiveRoles.reached(tx, identity.id(), identity.scope()), space)
        : nothing(identity, space);
  }

  private static boolean mayEnter(Principal principal, SpaceKey space) {
    return principal.tenant().isEmpty() || principal.tenant().get().equals(space.tenant());
  }

  private static Access nothing(Identity identity, SpaceKey space) {
    return new Access(
        false,
        false,
        false,
        Map.of(),
        Map.of(),
        new GrantIndex(List.of()),
        Map.of(),
        Map.of(),
        new PolicyContext(identity.name(), space.tenant(), Set.of(), Set.of()));
  }

  private static Access load(
      MetastoreTransaction tx, Principal principal, TokenScope scope, SpaceKey space) {
    Map<RoleId, String> roles = new HashMap<>();
    Set<RoleId> counting = new HashSet<>();
    Set<String> roleNames = new HashSet<>();
    boolean tenantAdmin = false;
    boolean clusterAdmin = false;
    for (Role role : EffectiveRoles.held(tx, principal.id(), scope)) {
      if (reaches(role, space)) {
        roles.put(role.id(), role.name().value());
        if (role.personalOf().isEmpty() && role.database().isEmpty()) {
          roleNames.add(role.name().value());
        }
        if (EffectiveRoles.counts(role, scope)) {
          counting.add(role.id());
          tenantAdmin |= BuiltIn.isTenantAdmin(role) && principal.tenant().isPresent();
          clusterAdmin |= BuiltIn.isClusterAdmin(role) && principal.tenant().isEmpty();
        }
      }
    }
    Map<GroupId, String> groups = new HashMap<>();
    for (Group group : EffectiveRoles.groups(tx, principal.id(), scope)) {
      if (group.tenant().isEmpty() || group.tenant().get().equals(space.tenant())) {
        groups.put(group.id(), group.name().value());
      }
    }
    List<Grant> grants = new ArrayList<>();
    EffectiveRoles.grants(tx, principal.id(), scope, space).stream()
        .filter(grant -> counting.contains(grant.role()))
        .map(grant -> new Grant(grant.privilege(), grant.securable()))
        .forEach(grants::add);
    EffectiveRoles.grants(tx, principal.id(), scope, space.database()).stream()
        .filter(grant -> reaches(grant, counting, groups.keySet()))
        .forEach(grant -> grants.addAll(onTables(grant.role(), space)));
    boolean superuser = principal.superuser() && scope.isWhole();
    // Row filters and masks ask for all roles and groups, or who named fewer would see more.
    return new Access(
        superuser,
        superuser || tenantAdmin,
        clusterAdmin,
        roles,
        groups,
        new GrantIndex(grants),
        policies(tx, space, roles.keySet()),
        SourcePolicyLoader.load(tx, space, roles.keySet()),
        new PolicyContext(
            principal.name(), space.tenant(), roleNames, Set.copyOf(groups.values())));
  }

  private static boolean reaches(Role role, SpaceKey space) {
    return (role.tenant().isEmpty() || role.tenant().get().equals(space.tenant()))
        && (role.database().isEmpty() || role.database().get().equals(space.database()));
  }

  private static boolean reaches(DatabaseGrant grant, Set<RoleId> roles, Set<GroupId> groups) {
    return grant.holdingRole().map(roles::contains).orElse(false)
        || grant.holdingGroup().map(groups::contains).orElse(false);
  }

  /**
   * What a database role gives in one space: privileges on the space, and so on its own schemas,
   * tables and views. A source attached to the space is none of these: no database role ever
   * reaches one, its securables need grants of their own.
   */
  private static List<Grant> onTables(DatabaseRole role, SpaceKey space) {
    return role.privileges().stream()
        .map(privilege -> new Grant(privilege, new Securable.Space(space)))
        .toList();
  }

  private static Map<CollectionId, TablePolicies> policies(
      MetastoreTransaction tx, SpaceKey space, Set<RoleId> roles) {
    return policies(
        tx, space, policy -> policy.role().isEmpty() || roles.contains(policy.role().get()));
  }

  static Map<CollectionId, TablePolicies> policies(
      MetastoreTransaction tx, SpaceKey space, Predicate<Policy> applies) {
    Map<CollectionId, List<Policy>> applying = new HashMap<>();
    Optional<String> after = Optional.empty();
    do {
      Page<Policy> page = tx.policies().list(space, after, Page.MAX_LIMIT);
      for (Policy policy : page.items()) {
        if (applies.test(policy)) {
          applying.computeIfAbsent(policy.collection(), key -> new ArrayList<>()).add(policy);
        }
      }
      after = page.next();
    } while (after.isPresent());
    Map<CollectionId, TablePolicies> accumulated = new HashMap<>();
    applying.forEach((collection, list) -> accumulated.put(collection, accumulate(list)));
    return accumulated;
  }

  /** All filters hold together; masks that differ leave nothing to see. */
  static TablePolicies accumulate(List<Policy> policies) {
    List<Policy> ordered =
        policies.stream().sorted(Comparator.comparing(policy -> policy.id().value())).toList();
    List<RowFilter> filters = new ArrayList<>();
    TreeMap<Integer, List<Policy>> masks = new TreeMap<>();
    for (Policy policy : ordered) {
      if (policy.kind() == PolicyKind.ROW_FILTER) {
        filters.add(
            new RowFilter(policy.id(), policy.name(), policy.expression(), policy.createdBy()));
      } else {
        masks.computeIfAbsent(policy.fieldId().orElseThrow(), key -> new ArrayList<>()).add(policy);
      }
    }
    return new TablePolicies(
        filters, masks.entrySet().stream().map(e -> mask(e.getKey(), e.getValue())).toList());
  }

  private static ColumnMask mask(int fieldId, List<Policy> policies) {
    return new ColumnMask(
        fieldId,
        onlyOne(policies.stream().map(Policy::expression)),
        policies.getFirst().createdBy(),
        policies.stream().map(Policy::id).toList());
  }

  /** The expression of all the masks of a column; empty when they differ. */
  static Optional<String> onlyOne(Stream<String> expressions) {
    List<String> distinct = expressions.map(String::strip).distinct().toList();
    return distinct.size() == 1 ? Optional.of(distinct.getFirst()) : Optional.empty();
  }
}
