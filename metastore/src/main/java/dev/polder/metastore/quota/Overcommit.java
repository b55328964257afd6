package dev.polder.metastore.quota;

import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.TenantId;

/**
 * Refuses budgets that promise more than there is. What has no limit of its own promises nothing:
 * it has what the others leave.
 *
 * @param database whose quota, or whose tenant's, changes
 */
record Overcommit(DatabaseName database) {
  /** A database must not have less than its tenants together. */
  void parent(QuotaField field, long limit, long tenants) {
    if (limit > 0 && tenants > limit) {
      throw refused(
          "database "
              + database
              + " cannot have "
              + field.key()
              + " = "
              + limit
              + ": the quotas of its tenants are "
              + tenants
              + " together; lower these first, or set at least that");
    }
  }

  /** Tenants must not have more together than their database. */
  void tenant(
      QuotaField field, TenantId tenant, long before, long after, long tenants, long limit) {
    if (limit > 0 && tenants > limit && grows(before, after)) {
      throw refused(
          "tenant '"
              + tenant
              + "' cannot have "
              + field.key()
              + " = "
              + after
              + " in database "
              + database
              + ": all tenants would have "
              + tenants
              + " together and the database has "
              + limit
              + "; lower another tenant's quota or raise the database's");
    }
  }

  /** Databases must not have more together than the servers. */
  void child(QuotaField field, long before, long after, long databases, long ceiling) {
    if (ceiling > 0 && databases > ceiling && grows(before, after)) {
      throw refused(
          "database "
              + database
              + " cannot have "
              + field.key()
              + " = "
              + after
              + ": all databases would have "
              + databases
              + " together and quota.global in the server's configuration is "
              + ceiling
              + "; lower another database's quota or raise that limit");
    }
  }

  /** What was too much before may shrink without fitting yet. */
  private static boolean grows(long before, long after) {
    return after > before;
  }

  private static PolderException refused(String message) {
    return new PolderException(ErrorCode.QUOTA_OVERCOMMIT, message);
  }
}
