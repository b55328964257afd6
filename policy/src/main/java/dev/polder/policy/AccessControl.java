package dev.polder.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.TokenScope;
import dev.polder.model.CollectionId;
import dev.polder.model.PrincipalId;
import dev.polder.model.SpaceKey;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Gives what a principal may do in a space. Results are cached and used exactly as long as the
 * grants epoch, read in the caller's own transaction, is the one they were made at: a revoke holds
 * for the next statement on every server. Thread-safe.
 */
public final class AccessControl {
  private static final int MAX_ENTRIES = 20_000;

  private record Key(PrincipalId principal, TokenScope scope, SpaceKey space) {}

  private record Cached(long epoch, Access access) {}

  private final Cache<Key, Cached> cache = Caffeine.newBuilder().maximumSize(MAX_ENTRIES).build();
  private final LongConsumer epochs;

  public AccessControl() {
    this(epoch -> {});
  }

  /**
   * @param epochs is told each epoch that is read
   */
  public AccessControl(LongConsumer epochs) {
    this.epochs = epochs;
  }

  /**
   * The effective rights, as a read transaction sees them. A principal that is gone or disabled,
   * and a tenant's principal in another tenant's space, has none.
   */
  public Access access(MetastoreTransaction tx, Identity identity, SpaceKey space) {
    Key key = new Key(identity.id(), identity.scope(), space);
    long epoch = tx.grants().epoch();
    epochs.accept(epoch);
    Cached cached = cache.getIfPresent(key);
    if (cached != null && cached.epoch() == epoch) {
      return cached.access();
    }
    Access access = AccessLoader.load(tx, identity, space);
    if (cached == null || cached.epoch() < epoch) {
      cache.put(key, new Cached(epoch, access));
    }
    return access;
  }

  /**
   * The same for a write transaction. Nothing is cached: what the transaction itself changed may be
   * undone, and its epoch then be another's.
   */
  public static Access accessInWrite(MetastoreTransaction tx, Identity identity, SpaceKey space) {
    return AccessLoader.load(tx, identity, space);
  }

  /** All row filters and masks of a space, whomever they are for. */
  public static Map<CollectionId, TablePolicies> everyPolicy(
      MetastoreTransaction tx, SpaceKey space) {
    return AccessLoader.policies(tx, space, policy -> true);
  }
}
