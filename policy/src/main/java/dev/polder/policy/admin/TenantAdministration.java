package dev.polder.policy.admin;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.Tenant;
import dev.polder.model.DatabaseName;
import dev.polder.model.TenantId;
import dev.polder.policy.DatabaseOperation;
import dev.polder.policy.Identity;
import dev.polder.policy.internal.AuditRows;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Creates, drops and lists tenants: a superuser's work, except that everybody sees their own and a
 * {@code cluster_admin} sees all. Stateless; each call belongs to the caller's transaction.
 */
public final class TenantAdministration {
  private TenantAdministration() {}

  public static Tenant create(MetastoreTransaction tx, Identity actor, TenantId tenant) {
    Actor.of(tx, actor).requireSuperuser("create tenants");
    Tenant created = tx.tenants().create(tenant);
    AuditRows.changed(
        tx,
        Optional.of(actor),
        Optional.of(tenant),
        EventType.TENANT_CREATED,
        tenant.value(),
        Map.of());
    return created;
  }

  /** Refused with {@code TENANT_NOT_EMPTY} while it has users, groups, roles or spaces. */
  public static void drop(MetastoreTransaction tx, Identity actor, TenantId tenant) {
    Actor.of(tx, actor).requireSuperuser("drop tenants");
    tx.tenants().delete(tenant);
    AuditRows.changed(
        tx,
        Optional.of(actor),
        Optional.of(tenant),
        EventType.TENANT_DROPPED,
        tenant.value(),
        Map.of());
  }

  /**
   * Sets where sessions of the tenant begin that name no database and whose user has no default.
   *
   * @param database must hold a space of the tenant; empty: none
   */
  public static void setDefaultDatabase(
      MetastoreTransaction tx, Identity actor, TenantId tenant, Optional<DatabaseName> database) {
    DatabaseGate.of(tx, actor, tenant).require(DatabaseOperation.SET_TENANT_DEFAULT);
    tx.tenants().get(tenant);
    Optional<Database> found = database.map(tx.databases()::get);
    found.ifPresent(it -> DefaultDatabases.requireSpace(tx, it, tenant));
    tx.tenants().setDefaultDatabase(tenant, found.map(Database::id));
    AuditRows.changed(
        tx,
        Optional.of(actor),
        Optional.of(tenant),
        EventType.DEFAULT_DATABASE_CHANGED,
        tenant.value(),
        Map.of("database", database.map(DatabaseName::value).orElse("")));
  }

  /** All tenants for a superuser or cluster_admin, one's own otherwise. */
  public static Page<Tenant> list(
      MetastoreTransaction tx, Identity actor, Optional<String> after, int limit) {
    Actor acting = Actor.of(tx, actor);
    if (acting.superuser() || acting.clusterAdmin()) {
      return tx.tenants().list(after, limit);
    }
    List<Tenant> own =
        acting.principal().tenant().flatMap(tx.tenants()::find).stream()
            .filter(tenant -> after.isEmpty() || tenant.id().value().compareTo(after.get()) > 0)
            .toList();
    return new Page<>(own, Optional.empty());
  }
}
