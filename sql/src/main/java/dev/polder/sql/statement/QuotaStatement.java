package dev.polder.sql.statement;

import dev.polder.model.DatabaseName;
import dev.polder.model.TenantId;
import java.util.Map;
import java.util.Optional;

/** About what databases, and tenants in them, may use. */
public sealed interface QuotaStatement extends AdminStatement {
  /**
   * ALTER DATABASE … SET QUOTA and ALTER TENANT … IN DATABASE … SET QUOTA.
   *
   * @param tenant empty: the quota of the database itself
   * @param options the fields that change; the others stay
   */
  record SetQuota(
      SqlText text, DatabaseName database, Optional<TenantId> tenant, Map<String, String> options)
      implements QuotaStatement {}

  /**
   * SHOW DATABASE QUOTA and USAGE, SHOW TENANT QUOTA and USAGE.
   *
   * @param tenant empty: of the database itself
   * @param usage what is used, beside what may be
   */
  record ShowQuota(SqlText text, DatabaseName database, Optional<TenantId> tenant, boolean usage)
      implements QuotaStatement {}
}
