package dev.polder.engine.internal.instance;

import dev.polder.duck.Instance;
import dev.polder.duck.InstanceConfig;
import dev.polder.duck.NativeThreads;
import dev.polder.engine.EngineOptions;
import dev.polder.engine.internal.dml.PartitionSql;
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
  private boolean closed;

  /**
   * @param readable directories whose files a space's statements may read
   */
  public SpaceInstances(
      NativeThreads threads,
      EngineOptions options,
      Function<SpaceKey, List<String>> readable,
      Clock clock) {
    this.threads = threads;
    this.options = options;
    this.readable = readable;
    this.clock = clock;
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
    }
    slot.users++;
    return new Lease(slot);
  }

  private Slot start(SpaceKey space) {
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
                options.memoryLimitBytes(),
                options.threads(),
                options.maxTempBytes(),
                List.of()));
    instance.register(PartitionSql.bucketFunction());
    return new Slot(instance, staging);
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
          }
          return idle;
        });
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

  private final class Slot {
    private final Instance instance;
    private final Path staging;
    private final PrivateCatalogs catalogs;
    private int users;
    private long lastUsed = clock.millis();

    Slot(Instance instance, Path staging) {
      this.instance = instance;
      this.staging = staging;
      this.catalogs = new PrivateCatalogs(instance);
    }

    void stop() {
      catalogs.close();
      instance.close();
    }
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
