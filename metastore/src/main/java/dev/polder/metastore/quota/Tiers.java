package dev.polder.metastore.quota;

import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The quotas of all tiers above and around one space, from which its limits follow. Immutable.
 *
 * @param database with the defaults
 * @param databases all live ones; none when there is no limit of all
 */
record Tiers(
    SpaceKey space,
    DatabaseName name,
    Quota ceiling,
    Quota database,
    Map<DatabaseId, Quota> databases,
    Map<TenantId, Quota> tenants) {
  /** The tenant's first. */
  List<QuotaBound> bounds(QuotaField field) {
    return Stream.of(ofTenant(field), ofDatabase(field), ofAll(field))
        .flatMap(Optional::stream)
        .toList();
  }

  /** Its own limit, or what is left of the database's by the tenants that have their own. */
  Tiers with(Map<TenantId, Quota> others) {
    return new Tiers(space, name, ceiling, database, databases, others);
  }

  private Optional<QuotaBound> ofTenant(QuotaField field) {
    Quota own = tenants.getOrDefault(space.tenant(), Quota.NONE);
    if (own.limits(field)) {
      return bound(
          QuotaTier.TENANT,
          "tenant '" + space.tenant() + "' in database " + name,
          field,
          own.get(field),
          new QuotaScope.OfTenant(space));
    }
    Set<TenantId> limited = limited(field, tenants);
    if (field.kind() == QuotaField.Kind.CAP || !database.limits(field) || limited.isEmpty()) {
      return Optional.empty();
    }
    return bound(
        QuotaTier.DATABASE,
        "database " + name,
        field,
        Math.max(0, database.get(field) - QuotaStore.sum(tenants.values(), field)),
        new QuotaScope.OtherTenants(space.database(), limited));
  }

  /** Its database's own limit, or what is left of that of all. */
  private Optional<QuotaBound> ofDatabase(QuotaField field) {
    if (database.limits(field)) {
      return bound(
          QuotaTier.DATABASE,
          "database " + name,
          field,
          database.get(field),
          new QuotaScope.OfDatabase(space.database()));
    }
    Set<DatabaseId> limited = limited(field, databases);
    if (field.kind() == QuotaField.Kind.CAP || !ceiling.limits(field) || limited.isEmpty()) {
      return Optional.empty();
    }
    return bound(
        QuotaTier.GLOBAL,
        "all databases",
        field,
        Math.max(0, ceiling.get(field) - QuotaStore.sum(databases.values(), field)),
        new QuotaScope.OtherDatabases(limited));
  }

  /** The limit of everything together. */
  private Optional<QuotaBound> ofAll(QuotaField field) {
    return ceiling.limits(field)
        ? bound(QuotaTier.GLOBAL, "all databases", field, ceiling.get(field), new QuotaScope.All())
        : Optional.empty();
  }

  private static Optional<QuotaBound> bound(
      QuotaTier tier, String holder, QuotaField field, long limit, QuotaScope scope) {
    return Optional.of(new QuotaBound(tier, holder, field, limit, scope));
  }

  private static <K> Set<K> limited(QuotaField field, Map<K, Quota> quotas) {
    return quotas.entrySet().stream()
        .filter(entry -> entry.getValue().limits(field))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }
}
