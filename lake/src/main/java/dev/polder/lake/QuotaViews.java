package dev.polder.lake;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.metastore.quota.QuotaView;
import dev.polder.model.SpaceKey;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What limits each space, kept for as long as the grants epoch stays. Those who read the epoch in
 * their own transactions tell of it, so that asking costs no transaction. Thread-safe.
 */
public final class QuotaViews {
  private static final int MAX_ENTRIES = 20_000;

  private final Metastore metastore;
  private final AtomicLong newest = new AtomicLong();
  private final Cache<SpaceKey, QuotaView> views =
      Caffeine.newBuilder().maximumSize(MAX_ENTRIES).build();

  public QuotaViews(Metastore metastore) {
    this.metastore = metastore;
  }

  /** Takes note of an epoch that a transaction has read. */
  public void seen(long epoch) {
    if (epoch > newest.get()) {
      newest.accumulateAndGet(epoch, Math::max);
    }
  }

  /** A database's weight among those that share a cache, as far as it is known without asking. */
  public long cacheWeight(SpaceKey space) {
    QuotaView kept = views.getIfPresent(space);
    return kept == null
        ? QuotaField.CACHE_WEIGHT.byDefault()
        : kept.database().get(QuotaField.CACHE_WEIGHT);
  }

  /** What limits the space, as of the newest epoch that was seen. Not inside a transaction. */
  public QuotaView view(SpaceKey space) {
    QuotaView kept = views.getIfPresent(space);
    if (kept != null && kept.epoch() >= newest.get()) {
      return kept;
    }
    QuotaView view = metastore.read(tx -> tx.quotas().view(space));
    seen(view.epoch());
    views.put(space, view);
    return view;
  }
}
