package dev.polder.policy;

import dev.polder.model.PrincipalName;
import dev.polder.model.TenantId;
import java.util.Set;

/**
 * The values behind the tokens that row filters and masks may use: {@code current_user}, {@code
 * current_tenant()}, {@code has_role('x')} and {@code in_group('x')}. They are those of the
 * principal who asks, in the space it asks in; a policy's text never sees anything else of it.
 * Immutable.
 *
 * @param user the value of {@code current_user}
 * @param tenant the value of {@code current_tenant()}: the space's tenant, also for a superuser
 * @param roles names of the roles held, directly, through groups or other roles; not those of
 *     databases
 * @param groups names of the groups the principal is a member of
 */
public record PolicyContext(
    PrincipalName user, TenantId tenant, Set<String> roles, Set<String> groups) {
  public PolicyContext {
    roles = Set.copyOf(roles);
    groups = Set.copyOf(groups);
  }

  /** The value of {@code has_role(name)}: a role of that exact name is held. */
  public boolean hasRole(String name) {
    return roles.contains(name);
  }

  /** The value of {@code in_group(name)}: a member of a group of that exact name. */
  public boolean inGroup(String name) {
    return groups.contains(name);
  }
}
