package dev.polder.engine.internal.quota;

import dev.polder.lake.QuotaViews;
import dev.polder.metastore.quota.QuotaBound;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.metastore.quota.QuotaScope;
import dev.polder.metastore.quota.ServerUse;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * How many statements come a second, space by space, and the buckets that hold them to their
 * limits. A bucket holds the statements of one second. Servers that share a metastore divide a
 * limit by what each was asked for lately. Thread-safe.
 */
final class Rates {
  private final QuotaViews views;
  private final Supplier<OtherServers> others;
  private final Map<SpaceKey, RateMeter> meters = new ConcurrentHashMap<>();
  private final Map<QuotaScope, ScopeBucket> buckets = new ConcurrentHashMap<>();

  Rates(QuotaViews views, Supplier<OtherServers> others) {
    this.views = views;
    this.others = others;
  }

  /**
   * Counts a statement of a space.
   *
   * @throws PolderException QPS_QUOTA_EXCEEDED
   */
  void admit(SpaceKey space) {
    meter(space).mark();
    List<QuotaBound> bounds = views.view(space).bounds(QuotaField.MAX_QPS);
    for (int i = 0; i < bounds.size(); i++) {
      QuotaBound bound = bounds.get(i);
      if (!bucket(bound).take()) {
        bounds.subList(0, i).forEach(passed -> bucket(passed).giveBack());
        throw bound.exceeded(ErrorCode.QPS_QUOTA_EXCEEDED, "too many statements in this second");
      }
    }
  }

  private ScopeBucket bucket(QuotaBound bound) {
    OtherServers now = others.get();
    ScopeBucket bucket = buckets.get(bound.scope());
    if (bucket == null || !bucket.isFor(bound.limit(), now.round())) {
      bucket =
          buckets.compute(
              bound.scope(),
              (scope, old) ->
                  old != null && old.isFor(bound.limit(), now.round())
                      ? old
                      : ScopeBucket.of(old, bound.limit(), share(bound, now), now.round()));
    }
    return bucket;
  }

  /** This server's part of a limit: even for a tenth of it, for the rest by demand. */
  private double share(QuotaBound bound, OtherServers now) {
    if (now.servers() == 0) {
      return bound.limit();
    }
    double even = Math.max(1, bound.limit() / 10.0 / (now.servers() + 1));
    double mine = even + sum(bound.scope());
    double theirs = even * now.servers() + now.sum(bound.scope(), ServerUse::qps);
    return bound.limit() * mine / (mine + theirs);
  }

  /** Statements a second of all that counts against one limit. */
  long sum(QuotaScope scope) {
    return meters.entrySet().stream()
        .filter(entry -> scope.covers(entry.getKey()))
        .mapToLong(entry -> entry.getValue().perSecond())
        .sum();
  }

  long perSecond(SpaceKey space) {
    RateMeter meter = meters.get(space);
    return meter == null ? 0 : meter.perSecond();
  }

  /** Forgets who has been silent, and buckets that are as full as new ones; called now and then. */
  void tidy() {
    meters.values().removeIf(meter -> meter.perSecond() == 0);
    buckets.values().removeIf(ScopeBucket::isFull);
  }

  Iterable<SpaceKey> spaces() {
    return meters.keySet();
  }

  private RateMeter meter(SpaceKey space) {
    RateMeter meter = meters.get(space);
    return meter == null ? meters.computeIfAbsent(space, ignored -> new RateMeter()) : meter;
  }
}
