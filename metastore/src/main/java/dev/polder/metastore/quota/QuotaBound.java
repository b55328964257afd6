package dev.polder.metastore.quota;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;

/**
 * One limit that a space's use must keep within, with all that counts against it. Immutable.
 *
 * @param holder whose limit it is, in words
 * @param limit zero: nothing is left to the scope at all
 */
public record QuotaBound(
    QuotaTier tier, String holder, QuotaField field, long limit, QuotaScope scope) {

  /** The refusal of what would exceed it, and what to do about it. */
  public PolderException exceeded(ErrorCode code, String what) {
    return new PolderException(code, what + ": " + words() + "; " + advice());
  }

  /** Which limit it is. */
  public String words() {
    return "the quota of "
        + holder
        + " is "
        + field.key()
        + " = "
        + limit
        + switch (scope) {
          case QuotaScope.OtherTenants ignored ->
              ", which is what its tenants with quotas of their own leave";
          case QuotaScope.OtherDatabases ignored ->
              ", which is what databases with quotas of their own leave";
          case QuotaScope.OfTenant ignored -> "";
          case QuotaScope.OfDatabase ignored -> "";
          case QuotaScope.All ignored -> "";
        };
  }

  private String advice() {
    String less =
        switch (field) {
          case MAX_MEMORY_BYTES -> "let the statement do less at once";
          case MAX_STORAGE_BYTES -> "delete or drop what is not needed";
          case MAX_QPS -> "send statements more slowly";
          case MAX_CONNECTIONS -> "close a session";
          case MAX_TEMP_DISK_BYTES -> "let the statement sort or join less at once";
          case MAX_STATEMENT_SECONDS -> "let the statement do less";
          case MAX_THREADS, CACHE_WEIGHT, PRIORITY_CLASS, MAINTENANCE_CPU_PCT -> "use less";
        };
    return less
        + switch (tier) {
          case TENANT -> ", or have the quota raised with ALTER TENANT … SET QUOTA";
          case DATABASE -> ", or have the quota raised with ALTER DATABASE … SET QUOTA";
          case GLOBAL -> ", or have quota.global raised in the server's configuration";
        };
  }
}
