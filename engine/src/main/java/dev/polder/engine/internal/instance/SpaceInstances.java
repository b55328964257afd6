package dev.polder.engine.internal.instance;

import dev.polder.duck.Instance;
import dev.polder.duck.InstanceConfig;
import dev.polder.duck.NativeThreads;
import dev.polder.engine.EngineOptions;
import dev.polder.engine.internal.dml.PartitionSql;
import dev.polder.engine.internal.quota.AdmitEvent;
import dev.polder.engine.internal.quota.Quotas;
import dev.polder.metastore.quota.QuotaBound;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The instances of this process: one for each space with work, started when the first statement
 * comes and stopped when none came for a while. One that reported an internal error serves its
 * running statements to their end and no new ones. Thread-safe.
 */
public final class SpaceInstances implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final NativeThreads threads;
  private final EngineOptions options;
  private final Function<SpaceKey, List<String>> readable;
  private final Setups setups;
  private final Clock clock;
  private final Map<SpaceKey, Object> starting = new ConcurrentHashMap<>();

  /** Held by who divides the budgets among the instances; never waited for with this locked. */
  private final ReentrantLock budgets = new ReentrantLock();

  private final Map<SpaceKey, Slot> slots = new HashMap<>();
  private final List<Slot> retired = new ArrayList<>();
  private final Allotments allotments;
  private boolean closed;

  /**
   * @param readable directories whose files a space's statements may read
   * @param setups what instances attach at their start
   */
  public SpaceInstances(
      NativeThreads threads,
      EngineOptions options,
      Function<SpaceKey, List<String>> readable,
      Quotas quotas,
      Setups setups,
      Clock clock) {
    this.threads = threads;
    this.setups = setups;
    this.options = options;
    this.readable = readable;
    this.clock = clock;
    this.allotments = new Allotments(options, quotas);
  }

  /** An instance of the space, started if there is none. The lease must be closed. */
  public Lease lease(SpaceKey space) {
    Slot running = take(space);
    Slot slot = running == null ? begin(space) : running;
    try {
      fit(slot);
      return new Lease(slot);
    } catch (RuntimeException e) {
      release(List.of(slot));
      throw e;
    }
  }

  /** The running instance of a space with one more user; null: there is none. */
  private @Nullable Slot take(SpaceKey space) {
    @Nullable Slot unused = null;
    try {
      synchronized (this) {
        requireOpen();
        Slot slot = slots.get(space);
        if (slot == null || !slot.instance.failed()) {
          return slot == null ? null : used(slot);
        }
        slots.remove(space);
        if (slot.users == 0) {
          unused = slot;
          allotments.changed();
        } else {
          retired.add(slot);
        }
        return null;
      }
    } finally {
      if (unused != null) {
        unused.stop();
      }
    }
  }

  private static Slot used(Slot slot) {
    slot.users++;
    return slot;
  }

  private void requireOpen() {
    if (closed) {
      throw new PolderException(ErrorCode.SHUTTING_DOWN, "the server is shutting down");
    }
  }

  /**
   * One start of a space's instance at a time. What it attaches may be far away and slow, so nobody
   * else waits for that: what it may take is worked out before, and again when it is there.
   */
  private Slot begin(SpaceKey space) {
    synchronized (starting.computeIfAbsent(space, key -> new Object())) {
      Slot other = take(space);
      if (other != null) {
        return other;
      }
      Setups.Setup setup = setups.of(space);
      Slot slot = start(space, setup, allotment(space));
      try {
        synchronized (this) {
          requireOpen();
          slots.put(space, slot);
          allotments.changed();
          return used(slot);
        }
      } catch (PolderException e) {
        slot.stop();
        throw e;
      }
    }
  }

  private Allotment allotment(SpaceKey space) {
    lookUp(space);
    budgets.lock();
    List<Slot> others = hold();
    try {
      return allotments.of(space, null, others);
    } finally {
      release(others);
      budgets.unlock();
    }
  }

  /** Who divides the budgets keeps others waiting, and should not wait for the metastore then. */
  private void lookUp(SpaceKey space) {
    List<Slot> all = hold();
    try {
      allotments.stamp(space);
      all.forEach(slot -> allotments.stamp(slot.space));
    } finally {
      release(all);
    }
  }

  /** All instances, none of which ends before it is released. */
  private synchronized List<Slot> hold() {
    List<Slot> all = new ArrayList<>(slots.values());
    all.addAll(retired);
    all.forEach(SpaceInstances::used);
    return all;
  }

  private void fit(Slot slot) {
    AdmitEvent event = AdmitEvent.started();
    if (!slot.isAsOf(allotments.stamp(slot.space))) {
      lookUp(slot.space);
      divide(slot);
    }
    event.commit();
  }

  /** Goes on with what the instance has when another one takes long to give back. */
  private void divide(Slot slot) {
    if (!divides()) {
      return;
    }
    List<Slot> all = hold();
    try {
      Allotments.Stamp now = allotments.stamp(slot.space);
      if (!slot.isAsOf(now)) {
        slot.fit(allotments.of(slot.space, slot, all), now);
      }
    } finally {
      release(all);
      budgets.unlock();
    }
  }

  private boolean divides() {
    try {
      return budgets.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PolderException(
          ErrorCode.STATEMENT_CANCELLED, "the statement was cancelled while it waited", e);
    }
  }

  private Slot start(SpaceKey space, Setups.Setup setup, Allotment allotment) {
    Path directory = options.instancesDirectory().resolve(UUID.randomUUID().toString());
    Path staging = directory.resolve("staging");
    try {
      Files.createDirectories(staging);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> allowed = new ArrayList<>(readable.apply(space));
    allowed.add(staging.toAbsolutePath().toString());
    Instance instance =
        Instance.start(
            threads,
            new InstanceConfig(
                directory,
                allowed,
                allotment.limits(),
                options.extensionDirectory(),
                setup.parts()));
    instance.register(PartitionSql.bucketFunction());
    return new Slot(space, instance, staging, setup.version(), allotment, clock.millis());
  }

  /** Stops instances that nobody has used for the idle timeout; called now and then. */
  public void stopIdle() {
    long limit = clock.millis() - options.instanceIdleTimeout().toMillis();
    List<Slot> idle;
    synchronized (this) {
      idle =
          slots.values().stream().filter(slot -> slot.users == 0 && slot.lastUsed < limit).toList();
      slots.values().removeAll(idle);
    }
    idle.forEach(Slot::stop);
    if (!idle.isEmpty()) {
      allotments.changed();
    }
  }

  /** The instances that run, those that are about to end too. */
  public List<RunningInstance> list() {
    List<Slot> held = hold();
    try {
      List<RunningInstance> listed = new ArrayList<>();
      for (Slot slot : held) {
        listed.add(
            new RunningInstance(
                slot.space,
                String.valueOf(slot.instance.config().instanceDirectory().getFileName()),
                !slot.setupVersion.equals(setups.version(slot.space)),
                slot.startedAt,
                slot.instance.failedSetups().keySet().stream().sorted().toList()));
      }
      return listed;
    } finally {
      release(held);
    }
  }

  /** Which quota, if any, keeps a space's statements from more memory. */
  public synchronized Optional<QuotaBound> memoryBound(SpaceKey space) {
    return Optional.ofNullable(slots.get(space)).map(slot -> slot.allotment().memory());
  }

  /** Which quota, if any, keeps a space's statements from more temporary space. */
  public synchronized Optional<QuotaBound> tempBound(SpaceKey space) {
    return Optional.ofNullable(slots.get(space)).map(slot -> slot.allotment().temp());
  }

  /** Bytes of memory that the spaces' statements hold now. */
  public Map<SpaceKey, Long> memory() {
    List<Slot> held = hold();
    Map<SpaceKey, Long> bytes = new HashMap<>();
    try {
      held.forEach(slot -> bytes.merge(slot.space, slot.memoryBytes(), Long::sum));
    } finally {
      release(held);
    }
    return bytes;
  }

  /** How many instances run. */
  public synchronized int running() {
    return slots.size() + retired.size();
  }

  private void release(List<Slot> held) {
    List<Slot> ended = new ArrayList<>();
    synchronized (this) {
      for (Slot slot : held) {
        slot.users--;
        if (slot.users == 0 && (retired.remove(slot) || closed)) {
          ended.add(slot);
        }
      }
    }
    ended.forEach(Slot::stop);
    if (!ended.isEmpty()) {
      allotments.changed();
    }
  }

  private void release(Slot slot) {
    synchronized (this) {
      slot.lastUsed = clock.millis();
    }
    release(List.of(slot));
  }

  /** Stops what is idle; instances in use stop when their last lease is closed. */
  @Override
  public void close() {
    List<Slot> idle;
    synchronized (this) {
      closed = true;
      idle = slots.values().stream().filter(slot -> slot.users == 0).toList();
      slots.clear();
    }
    idle.forEach(Slot::stop);
  }

  /** One statement's use of an instance. */
  public final class Lease implements AutoCloseable {
    private final Slot slot;
    private boolean open = true;

    private Lease(Slot slot) {
      this.slot = slot;
    }

    public Instance instance() {
      return slot.instance;
    }

    public PrivateCatalogs catalogs() {
      return slot.catalogs;
    }

    /** Where statements of this instance write files before they are published. */
    public Path staging() {
      return slot.staging;
    }

    @Override
    public void close() {
      if (open) {
        open = false;
        release(slot);
      }
    }
  }
}
