package dev.polder.metastore.lineage;

import dev.polder.metastore.audit.DmlAudit;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.lineage.DatabaseAccess.Holder;
import dev.polder.model.DatabaseRole;
import dev.polder.model.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is set for a database as a whole and does not follow it into clones and mirrors, but into an
 * archive. Holders are named. Immutable.
 *
 * @param idleTimeout in seconds; 0: none
 * @param quota what was set for the database, by the names of the options
 * @param tenantQuotas what was set for tenants in it
 */
public record DatabaseSettings(
    DatabaseKind kind,
    Optional<String> defaultDatabase,
    Optional<String> defaultSchema,
    Map<String, String> properties,
    long idleTimeout,
    DmlAudit auditDml,
    List<RoleGrant> roles,
    Map<String, Long> quota,
    Map<String, Map<String, Long>> tenantQuotas) {
  public DatabaseSettings {
    properties = Map.copyOf(properties);
    roles = List.copyOf(roles);
    quota = Map.copyOf(quota);
    tenantQuotas = Map.copyOf(tenantQuotas);
  }

  /**
   * A database role that somebody holds. Immutable.
   *
   * @param group who, if no role or principal
   */
  public record RoleGrant(DatabaseRole role, Optional<Holder> holder, Optional<GroupRef> group) {}

  /**
   * A group by its name. Immutable.
   *
   * @param tenant empty: the server's
   */
  public record GroupRef(Optional<TenantId> tenant, String name) {}
}
