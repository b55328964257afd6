package dev.polder.policy;

import dev.polder.model.CollectionId;
import dev.polder.model.GroupId;
import dev.polder.model.Privilege;
import dev.polder.model.RoleId;
import dev.polder.model.SchemaId;
import dev.polder.policy.internal.GrantIndex;
import java.util.Map;
import java.util.Set;

/**
 * What one principal may do in one space, as of one grants epoch. Made by {@link AccessControl}
 * only; denies whatever no grant allows. Immutable and so thread-safe; valid for the metastore
 * transaction in which it was obtained.
 */
public final class Access {
  private final boolean superuser;
  private final boolean administrator;
  private final boolean clusterAdmin;
  private final Map<RoleId, String> roles;
  private final Map<GroupId, String> groups;
  private final GrantIndex grants;
  private final Map<CollectionId, TablePolicies> policies;
  private final PolicyContext context;

  Access(
      boolean superuser,
      boolean administrator,
      boolean clusterAdmin,
      Map<RoleId, String> roles,
      Map<GroupId, String> groups,
      GrantIndex grants,
      Map<CollectionId, TablePolicies> policies,
      PolicyContext context) {
    this.superuser = superuser;
    this.administrator = administrator;
    this.clusterAdmin = clusterAdmin;
    this.roles = Map.copyOf(roles);
    this.groups = Map.copyOf(groups);
    this.grants = grants;
    this.policies = Map.copyOf(policies);
    this.context = context;
  }

  public boolean superuser() {
    return superuser;
  }

  /** A superuser, or a holder of {@code tenant_admin} in its own tenant's space. */
  public boolean administrator() {
    return administrator;
  }

  /** A holder of {@code cluster_admin}: administers databases and sees nothing in them. */
  public boolean clusterAdmin() {
    return clusterAdmin;
  }

  public Set<RoleId> roles() {
    return roles.keySet();
  }

  public Set<GroupId> groups() {
    return groups.keySet();
  }

  /** The values of the tokens in row filters and masks. */
  public PolicyContext context() {
    return context;
  }

  /**
   * Whether a session may bind to the space: an administrator, or any grant within it or on its
   * database. A {@code cluster_admin} binds too, to administer: it sees nothing there.
   */
  public boolean mayBind() {
    return administrator || knowsDatabase();
  }

  /**
   * Whether the principal may know of a database that no tenant has a space in yet: an
   * administrator of the server, or a holder of any grant on it.
   */
  public boolean knowsDatabase() {
    return superuser || clusterAdmin || !grants.isEmpty();
  }

  /**
   * The privilege on the space as a whole.
   *
   * @param database the name to show
   */
  public Decision onSpace(Privilege privilege, String database) {
    return superuser || grants.onSpace(privilege)
        ? Decision.permitted()
        : Decision.missing(privilege.name(), "database " + database);
  }

  /**
   * The privilege on a schema: granted on it or on the space.
   *
   * @param name the name to show
   */
  public Decision onSchema(Privilege privilege, SchemaId schema, String name) {
    return superuser || grants.onSchema(privilege, schema)
        ? Decision.permitted()
        : Decision.missing(privilege.name(), "schema " + name);
  }

  /**
   * The privilege on a whole table or view. A grant on some of its columns does not suffice.
   *
   * @param name the name to show, with its schema
   */
  public Decision onCollection(
      Privilege privilege, SchemaId schema, CollectionId collection, String name) {
    return superuser || grants.onCollection(privilege, schema, collection)
        ? Decision.permitted()
        : Decision.missing(privilege.name(), name);
  }

  /**
   * The privilege on some columns of a table or view: given by a grant on the table or above, or by
   * a grant on each of the columns. For no column at all ({@code count(*)}) a grant on any one
   * column suffices.
   *
   * @param name the table's name to show, with its schema
   * @param columns field id to the name to show; the first missing one in iteration order is named
   */
  public Decision onColumns(
      Privilege privilege,
      SchemaId schema,
      CollectionId collection,
      String name,
      Map<Integer, String> columns) {
    if (onCollection(privilege, schema, collection, name).allowed()) {
      return Decision.permitted();
    }
    Set<Integer> granted = grants.columns(privilege, collection);
    if (granted.isEmpty()) {
      return Decision.missing(privilege.name(), name);
    }
    for (Map.Entry<Integer, String> column : columns.entrySet()) {
      if (!granted.contains(column.getKey())) {
        return Decision.missing(privilege.name(), name + "." + column.getValue());
      }
    }
    return Decision.permitted();
  }

  /** Whether the schema shows in {@code information_schema}: any grant above, on or below it. */
  public boolean visible(SchemaId schema) {
    return superuser || grants.touchesSchema(schema);
  }

  /** Whether the table or view shows: any grant above, on or below it. */
  public boolean visible(SchemaId schema, CollectionId collection) {
    return superuser || grants.touchesCollection(schema, collection);
  }

  /** Whether the column shows: any grant above or on it. */
  public boolean visible(SchemaId schema, CollectionId collection, int fieldId) {
    return superuser || grants.touchesColumn(schema, collection, fieldId);
  }

  /**
   * The row filters and masks this principal is under. A superuser is under those for everybody,
   * and under those of a role only if it holds the role.
   */
  public TablePolicies policies(CollectionId collection) {
    return policies.getOrDefault(collection, TablePolicies.NONE);
  }

  /** Whether the principal is under any row filter or mask of the space. */
  public boolean restricted() {
    return policies.values().stream().anyMatch(table -> !table.isEmpty());
  }
}
