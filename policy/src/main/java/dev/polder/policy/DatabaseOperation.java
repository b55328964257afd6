package dev.polder.policy;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is done with whole databases, and who may: the one table of these rights. A superuser may do
 * all of it. What else is done in a database is decided by grants alone.
 */
public enum DatabaseOperation {
  CREATE("create databases", Standing.CLUSTER_ADMIN),
  DROP("drop databases"),
  DROP_FORCE("drop databases that others depend on"),
  UNDROP("take the drop of a database back"),
  RENAME("rename a database", Standing.OWNER),
  SET_PROPERTIES("change a database's properties", Standing.OWNER),
  SET_QUOTA("set a database's quota", Standing.CLUSTER_ADMIN),
  SET_TENANT_QUOTA("set a tenant's quota in a database", Standing.CLUSTER_ADMIN, Standing.OWNER),
  SET_AUDIT_DML("say which changes of rows are audited", Standing.OWNER),
  SET_IDLE_TIMEOUT("set a database's idle timeout", Standing.OWNER),
  MATERIALIZE("materialize a clone", Standing.CLUSTER_ADMIN, Standing.OWNER),
  PROMOTE("promote a mirror"),
  CREATE_CLUSTER("create clusters"),
  ALTER_CLUSTER("change clusters"),
  DROP_CLUSTER("drop clusters"),
  SHOW_CLUSTERS("list clusters"),
  CLONE("clone databases"),
  RESET("reset clones"),
  DIFF("compare databases"),
  MIRROR("mirror databases"),
  DETACH_MIRROR("let go of a database's mirrors on other servers"),
  ADD_TENANT("add tenants to a database", Standing.CLUSTER_ADMIN),
  REMOVE_TENANT("remove tenants from a database", Standing.CLUSTER_ADMIN),
  MOVE_TENANT("move tenants"),
  BACKUP("back a database up", Standing.OWNER),
  RESTORE("restore databases"),
  SHOW_BACKUPS("list backups"),
  GRANT("grant roles on a database", Standing.CLUSTER_ADMIN, Standing.OWNER),
  SET_USER_DEFAULT("set a user's default database", Standing.CLUSTER_ADMIN, Standing.SELF),
  SET_TENANT_DEFAULT("set a tenant's default database", Standing.CLUSTER_ADMIN),
  /** Its lineage, its state: nothing of what is in it. */
  SHOW("look at a database", Standing.CLUSTER_ADMIN, Standing.READER),
  /** Its quotas, usage, audit trail and sessions. */
  OBSERVE("see what goes on in a database", Standing.CLUSTER_ADMIN, Standing.OWNER),
  KILL_SESSION("end sessions of others in a database", Standing.OWNER, Standing.SELF);

  private final String action;

  // Unmodifiable.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<Standing> allowed;

  DatabaseOperation(String action, Standing... allowed) {
    this.action = action;
    EnumSet<Standing> all = EnumSet.of(Standing.SUPERUSER);
    all.addAll(List.of(allowed));
    this.allowed = Collections.unmodifiableSet(all);
  }

  /** Who may: any one of these suffices. */
  public Set<Standing> allowed() {
    return allowed;
  }

  /** Whether it is open to somebody of these standings. */
  public Decision decide(Set<Standing> standings) {
    return Collections.disjoint(allowed, standings) ? denied() : Decision.permitted();
  }

  private Decision denied() {
    List<String> who = allowed.stream().map(Standing::words).toList();
    String words =
        who.size() == 1
            ? who.getFirst()
            : String.join(", ", who.subList(0, who.size() - 1)) + " or " + who.getLast();
    return new Decision.Denied("only " + words + " may " + action);
  }

  /** Whether standing to the server alone decides, so that no name need be looked up. */
  public boolean isOfServer() {
    return allowed.stream()
        .allMatch(standing -> standing == Standing.SUPERUSER || standing == Standing.CLUSTER_ADMIN);
  }
}
