package dev.polder.engine.internal.delegation;

import dev.polder.engine.catalog.DelegationCounts;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.AuditedStatement;
import dev.polder.model.SpaceKey;
import dev.polder.policy.AuditLog;
import dev.polder.policy.Identity;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Records who was let at which table's files: one row with a count for what one principal did with
 * one table in a minute, since an engine asks for each file. The first of a minute is told at once,
 * the others at its end. Thread-safe.
 */
public final class DelegationTrail {
  private static final long MINUTE_MILLIS = 60_000;

  private record Key(Identity who, SpaceKey space, String operation, String table) {
    AuditEvent event(long times) {
      return new AuditedStatement(
              Optional.of(who.name()),
              Optional.of(who.id()),
              operation,
              "",
              0,
              List.of(table),
              times,
              false)
          .in(space, OptionalLong.empty(), AuditOutcome.SUCCESS);
    }
  }

  /** Those of a minute that were not told yet. Guarded by the trail. */
  private static final class Minute {
    private final long begin;
    private long untold;

    Minute(long begin) {
      this.begin = begin;
    }
  }

  private final AuditLog log;
  private final Clock clock;
  private final Map<Key, Minute> minutes = new HashMap<>();
  private final LongAdder signed = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder vended = new LongAdder();

  public DelegationTrail(AuditLog log, Clock clock) {
    this.log = log;
    this.clock = clock;
  }

  /** A request was signed. */
  public void signed(Identity who, SpaceKey space, String table, boolean writes) {
    signed.increment();
    happened(new Key(who, space, writes ? "SIGN WRITE" : "SIGN READ", table));
  }

  /** A request was not signed; the trail of denials has it. */
  public void refused() {
    refused.increment();
  }

  /** Keys were given out. */
  public void vended(Identity who, SpaceKey space, String table, boolean writes) {
    vended.increment();
    happened(new Key(who, space, writes ? "VEND WRITE" : "VEND READ", table));
  }

  public DelegationCounts counts() {
    return new DelegationCounts(signed.sum(), refused.sum(), vended.sum());
  }

  private void happened(Key key) {
    List<AuditEvent> told = new ArrayList<>();
    synchronized (minutes) {
      long now = clock.millis();
      Minute minute = minutes.get(key);
      if (minute != null && now - minute.begin < MINUTE_MILLIS) {
        minute.untold++;
        return;
      }
      if (minute != null && minute.untold > 0) {
        told.add(key.event(minute.untold));
      }
      minutes.put(key, new Minute(now));
      told.add(key.event(1));
    }
    log.happened(told);
  }

  /** Tells what minutes that are over have left; called every few seconds. */
  public void flush() {
    tell(clock.millis() - MINUTE_MILLIS);
  }

  /** Tells all. */
  public void close() {
    tell(Long.MAX_VALUE);
  }

  private void tell(long until) {
    List<AuditEvent> told = new ArrayList<>();
    synchronized (minutes) {
      minutes
          .entrySet()
          .removeIf(entry -> {
            boolean over = entry.getValue().begin <= until;
            if (over && entry.getValue().untold > 0) {
              told.add(entry.getKey().event(entry.getValue().untold));
            }
            return over;
          });
    }
    log.happened(told);
  }
}
