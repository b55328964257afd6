package dev.polder.policy;

import dev.polder.metastore.source.SourceTable;
import dev.polder.model.CollectionId;
import dev.polder.model.GroupId;
import dev.polder.model.Privilege;
import dev.polder.model.RoleId;
import dev.polder.model.SchemaId;
import dev.polder.model.SourceId;
import dev.polder.policy.internal.GrantIndex;
import java.util.List;
import java.util.Locale;
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
  private final Map<SourceTable, SourcePolicies> sourcePolicies;
  private final PolicyContext context;

  Access(
      boolean superuser,
      boolean administrator,
      boolean clusterAdmin,
      Map<RoleId, String> roles,
      Map<GroupId, String> groups,
      GrantIndex grants,
      Map<CollectionId, TablePolicies> policies,
      Map<SourceTable, SourcePolicies> sourcePolicies,
      PolicyContext context) {
    this.superuser = superuser;
    this.administrator = administrator;
    this.clusterAdmin = clusterAdmin;
    this.roles = Map.copyOf(roles);
    this.groups = Map.copyOf(groups);
    this.grants = grants;
    this.policies = Map.copyOf(policies);
    this.sourcePolicies = Map.copyOf(sourcePolicies);
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
    return policies.values().stream().anyMatch(table -> !table.isEmpty())
        || sourcePolicies.values().stream().anyMatch(table -> !table.isEmpty());
  }

  /**
   * The privilege on a source or on a schema, a table or a column in it: granted on exactly that or
   * on what it is in up to the source. No grant on a space and no role on a database counts.
   *
   * @param path the names of the schema, the table and the column, as far as they are asked for
   * @param name the name to show, with its alias
   */
  public Decision onSource(Privilege privilege, SourceId source, List<String> path, String name) {
    return superuser || grants.onSource(privilege, source, lowered(path))
        ? Decision.permitted()
        : Decision.missing(privilege.name(), name);
  }

  /**
   * The privilege on some columns of a table of a source; as {@link #onColumns} has it for ours.
   *
   * @param name the table's name to show, with its alias and schema
   * @param columns the first missing one in iteration order is named
   */
  public Decision onSourceColumns(
      Privilege privilege,
      SourceId source,
      String schema,
      String table,
      String name,
      Iterable<String> columns) {
    if (onSource(privilege, source, List.of(schema, table), name).allowed()) {
      return Decision.permitted();
    }
    Set<String> granted = sourceColumns(privilege, source, schema, table);
    if (granted.isEmpty()) {
      return Decision.missing(privilege.name(), name);
    }
    for (String column : columns) {
      if (!granted.contains(column.toLowerCase(Locale.ROOT))) {
        return Decision.missing(privilege.name(), name + "." + column);
      }
    }
    return Decision.permitted();
  }

  /**
   * The lower-cased names of the columns that the privilege was granted on one by one; a grant on
   * the whole table is not among them.
   */
  public Set<String> sourceColumns(
      Privilege privilege, SourceId source, String schema, String table) {
    return grants.sourceColumns(
        privilege, source, schema.toLowerCase(Locale.ROOT), table.toLowerCase(Locale.ROOT));
  }

  /** Whether the source, or what is in it, shows: any grant above, on or below it. */
  public boolean visibleSource(SourceId source, List<String> path) {
    return superuser || grants.touchesSource(source, lowered(path));
  }

  /** As {@link #policies}, of a table of a source. */
  public SourcePolicies sourcePolicies(SourceId source, String schema, String table) {
    return sourcePolicies.getOrDefault(new SourceTable(source, schema, table), SourcePolicies.NONE);
  }

  private static List<String> lowered(List<String> path) {
    return path.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }
}
