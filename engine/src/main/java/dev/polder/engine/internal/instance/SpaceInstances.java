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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * The instances of this process: one for each space with work, started when the first statement
 * comes and stopped when none came for a while. One that reported an internal error serves its
 * running statements to their end and no new ones. Thread-safe.
 */
public final class SpaceInstances implements AutoCloseable {
  private final NativeThreads threads;
  private final EngineOptions options;
  private final Function<SpaceKey, List<String>> readable;
  private final Clock clock;
  private final Map<SpaceKey, Slot> slots = new HashMap<>();
  private final List<Slot> retired = new ArrayList<>();
  private final Allotments allotments;
  private boolean closed;

  /**
   * @param readable directories whose files a space's statements may read
   */
  public SpaceInstances(
      NativeThreads threads,
      EngineOptions options,
      Function<SpaceKey, List<String>> readable,
      Quotas quotas,
      Clock clock) {
    this.threads = threads;
    this.options = options;
    this.readable = readable;
    this.clock = clock;
    this.allotments = new Allotments(options, quotas);
  }

  /** An instance of the space, started if there is none. The lease must be closed. */
  public synchronized Lease lease(SpaceKey space) {
    if (closed) {
      throw new PolderException(ErrorCode.SHUTTING_DOWN, "the server is shutting down");
    }
    Slot slot = slots.get(space);
    if (slot != null && slot.instance.failed()) {
      slots.remove(space);
      retired.add(slot);
      stopIfUnused(slot);
      slot = null;
    }
    if (slot == null) {
      slot = start(space);
      slots.put(space, slot);
      allotments.changed();
    }
    fit(slot);
    slot.users++;
    return new Lease(slot);
  }

  private List<Slot> all() {
    List<Slot> all = new ArrayList<>(slots.values());
    all.addAll(retired);
    return all;
  }

  private void fit(Slot slot) {
    AdmitEvent event = AdmitEvent.started();
    Allotments.Stamp now = allotments.stamp(slot.space);
    if (!slot.isAsOf(now) && slot.resize(allotments.of(slot.space, slot, all()))) {
      slot.stamp(now);
    }
    event.commit();
  }

  private Slot start(SpaceKey space) {
    Allotment allotment = allotments.of(space, null, all());
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
            threads, new InstanceConfig(directory, allowed, allotment.limits(), List.of()));
    instance.register(PartitionSql.bucketFunction());
    return new Slot(space, instance, staging, allotment, clock.millis());
  }

  /** Stops instances that nobody has used for the idle timeout; called now and then. */
  public synchronized void stopIdle() {
    long limit = clock.millis() - options.instanceIdleTimeout().toMillis();
    slots
        .values()
        .removeIf(slot -> {
          boolean idle = slot.users == 0 && slot.lastUsed < limit;
          if (idle) {
            slot.stop();
            allotments.changed();
          }
          return idle;
        });
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
    List<Slot> held;
    synchronized (this) {
      held = all();
      held.forEach(slot -> slot.users++);
    }
    Map<SpaceKey, Long> bytes = new HashMap<>();
    try {
      held.forEach(slot -> bytes.merge(slot.space, slot.instance.memoryBytes(), Long::sum));
    } finally {
      synchronized (this) {
        for (Slot slot : held) {
          slot.users--;
          stopIfUnused(slot);
        }
      }
    }
    return bytes;
  }

  /** How many instances run. */
  public synchronized int running() {
    return slots.size() + retired.size();
  }

  private synchronized void release(Slot slot) {
    slot.users--;
    slot.lastUsed = clock.millis();
    stopIfUnused(slot);
  }

  private void stopIfUnused(Slot slot) {
    if (slot.users == 0 && (closed || retired.contains(slot))) {
      retired.remove(slot);
      slot.stop();
      allotments.changed();
    }
  }

  /** Stops what is idle; instances in use stop when their last lease is closed. */
  @Override
  public synchronized void close() {
    closed = true;
    for (Slot slot : slots.values()) {
      if (slot.users == 0) {
        slot.stop();
      }
    }
    slots.clear();
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
