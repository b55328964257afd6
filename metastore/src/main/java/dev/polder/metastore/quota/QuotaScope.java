package dev.polder.metastore.quota;

import dev.polder.model.DatabaseId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.util.Set;

/** The spaces whose use counts against one limit. Immutable; a key for what is counted there. */
public sealed interface QuotaScope {
  boolean covers(SpaceKey space);

  /** A tenant with a limit of its own. */
  record OfTenant(SpaceKey space) implements QuotaScope {
    @Override
    public boolean covers(SpaceKey other) {
      return space.equals(other);
    }
  }

  /** The tenants of a limited database that have no limit of their own. */
  record OtherTenants(DatabaseId database, Set<TenantId> limited) implements QuotaScope {
    public OtherTenants {
      limited = Set.copyOf(limited);
    }

    @Override
    public boolean covers(SpaceKey other) {
      return database.equals(other.database()) && !limited.contains(other.tenant());
    }
  }

  /** All of a database with a limit of its own. */
  record OfDatabase(DatabaseId database) implements QuotaScope {
    @Override
    public boolean covers(SpaceKey other) {
      return database.equals(other.database());
    }
  }

  /** The databases that have no limit of their own, below a limit of all. */
  record OtherDatabases(Set<DatabaseId> limited) implements QuotaScope {
    public OtherDatabases {
      limited = Set.copyOf(limited);
    }

    @Override
    public boolean covers(SpaceKey other) {
      return !limited.contains(other.database());
    }
  }

  /** Everything. */
  record All() implements QuotaScope {
    @Override
    public boolean covers(SpaceKey other) {
      return true;
    }
  }
}
