package dev.polder.engine.internal.show;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.catalog.Tenant;
import dev.polder.model.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whose objects a SHOW lists. Stateless. */
final class TenantScope {
  private TenantScope() {}

  /**
   * The tenant named; else for a superuser the server itself and all tenants; else the principal's
   * own.
   */
  static List<Optional<TenantId>> of(Work work, MetastoreTransaction tx, Optional<TenantId> named) {
    if (named.isPresent() || !work.actor().superuser()) {
      return List.of(named.or(work.actor()::tenant));
    }
    List<Optional<TenantId>> all = new ArrayList<>();
    all.add(Optional.empty());
    Work.<Tenant>each(
        after -> tx.tenants().list(after, Page.MAX_LIMIT),
        tenant -> all.add(Optional.of(tenant.id())));
    return all;
  }
}
