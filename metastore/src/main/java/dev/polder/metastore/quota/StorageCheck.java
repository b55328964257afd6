package dev.polder.metastore.quota;

import dev.polder.metastore.internal.Transaction;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds a space to its storage limits over a change of what it is charged with: made before, asked
 * after. What adds nothing passes even when a limit has been exceeded already. Bound to one
 * transaction.
 */
public final class StorageCheck {
  private static final String SUM =
      "SELECT l.database_id, l.tenant, SUM(l.bytes) FROM storage_ledger l JOIN database_ d ON"
          + " d.id = l.database_id WHERE d.dropped_at IS NULL";
  private static final String GROUP = " GROUP BY l.database_id, l.tenant";

  private final Transaction tx;
  private final SpaceKey space;
  private final List<QuotaBound> bounds;
  private final long before;

  private StorageCheck(Transaction tx, SpaceKey space, List<QuotaBound> bounds) {
    this.tx = tx;
    this.space = space;
    this.bounds = bounds;
    this.before = bounds.isEmpty() ? 0 : tx.storage().usage(space).bytes();
  }

  public static StorageCheck begin(Transaction tx, SpaceKey space) {
    return new StorageCheck(tx, space, tx.quotas().bounds(space, QuotaField.MAX_STORAGE_BYTES));
  }

  /**
   * Refuses what was added since, if it was too much.
   *
   * @throws dev.polder.model.PolderException STORAGE_QUOTA_EXCEEDED
   */
  public void require() {
    if (bounds.isEmpty() || tx.storage().usage(space).bytes() <= before) {
      return;
    }
    refuse(first(bounds, uses(tx, space, bounds)));
  }

  /**
   * Refuses a database that is live again if all databases together have too much with it; its own
   * limits it met before.
   *
   * @throws dev.polder.model.PolderException STORAGE_QUOTA_EXCEEDED
   */
  public static void requireReturn(Transaction tx, SpaceKey space) {
    List<QuotaBound> bounds =
        tx.quotas().bounds(space, QuotaField.MAX_STORAGE_BYTES).stream()
            .filter(bound -> isBeyond(bound.scope()))
            .toList();
    if (!bounds.isEmpty() && tx.storage().usage(space.database()).bytes() > 0) {
      refuse(first(bounds, uses(tx, space, bounds)));
    }
  }

  /**
   * Refuses what shall take the place of all that is in a database, if it is too much.
   *
   * @param bytes what each tenant will have there
   * @throws dev.polder.model.PolderException STORAGE_QUOTA_EXCEEDED
   */
  public static void requireRoom(Transaction tx, DatabaseId database, Map<TenantId, Long> bytes) {
    bytes.forEach((tenant, size) -> {
      SpaceKey space = new SpaceKey(database, tenant);
      List<QuotaBound> bounds = tx.quotas().bounds(space, QuotaField.MAX_STORAGE_BYTES);
      if (!bounds.isEmpty() && size > tx.storage().usage(space).bytes()) {
        Map<SpaceKey, Long> uses = uses(tx, space, bounds);
        uses.keySet().removeIf(used -> used.database().equals(database));
        bytes.forEach((of, its) -> uses.put(new SpaceKey(database, of), its));
        refuse(first(bounds, uses));
      }
    });
  }

  private static void refuse(Optional<QuotaBound> exceeded) {
    exceeded.ifPresent(bound -> {
      throw bound.exceeded(ErrorCode.STORAGE_QUOTA_EXCEEDED, "the storage is used up");
    });
  }

  /** The limit that would be exceeded if all that is in one space were in another one. */
  static Optional<QuotaBound> overflow(Transaction tx, Tiers tiers, SpaceKey from, SpaceKey to) {
    List<QuotaBound> bounds = tiers.bounds(QuotaField.MAX_STORAGE_BYTES);
    if (bounds.isEmpty()) {
      return Optional.empty();
    }
    Map<SpaceKey, Long> uses = uses(tx, to, bounds);
    uses.remove(from);
    uses.merge(to, tx.storage().usage(from).bytes(), Long::sum);
    return first(bounds, uses);
  }

  private static Optional<QuotaBound> first(List<QuotaBound> bounds, Map<SpaceKey, Long> uses) {
    return bounds.stream()
        .filter(bound ->
            uses.entrySet().stream()
                    .filter(use -> bound.scope().covers(use.getKey()))
                    .mapToLong(Map.Entry::getValue)
                    .sum()
                > bound.limit())
        .findFirst();
  }

  /** Whether the limit is of more than one database. */
  private static boolean isBeyond(QuotaScope scope) {
    return switch (scope) {
      case QuotaScope.All ignored -> true;
      case QuotaScope.OtherDatabases ignored -> true;
      case QuotaScope.OfDatabase ignored -> false;
      case QuotaScope.OtherTenants ignored -> false;
      case QuotaScope.OfTenant ignored -> false;
    };
  }

  private static Map<SpaceKey, Long> uses(Transaction tx, SpaceKey space, List<QuotaBound> bounds) {
    boolean beyond = bounds.stream().anyMatch(bound -> isBeyond(bound.scope()));
    Map<SpaceKey, Long> uses = new HashMap<>();
    (beyond
            ? list(tx, SUM + GROUP)
            : list(tx, SUM + " AND l.database_id = ?" + GROUP, space.database()))
        .forEach(entry -> uses.put(entry.getKey(), entry.getValue()));
    return uses;
  }

  private static List<Map.Entry<SpaceKey, Long>> list(
      Transaction tx, String sql, Object... arguments) {
    return tx.sql()
        .list(
            sql,
            row ->
                Map.entry(
                    new SpaceKey(new DatabaseId(row.integer()), new TenantId(row.text())),
                    row.integer()),
            arguments);
  }
}
