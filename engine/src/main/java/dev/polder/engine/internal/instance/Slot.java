package dev.polder.engine.internal.instance;

import dev.polder.duck.Instance;
import dev.polder.model.SpaceKey;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running instance and what belongs to it. Its users are guarded by its owner's lock, what it may
 * take changes under the lock of those who divide the budgets.
 */
final class Slot {
  private static final Logger LOG = LoggerFactory.getLogger(Slot.class);

  /** How soon an instance that held too much is asked again to hold less. */
  private static final long AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

  final SpaceKey space;
  final Instance instance;
  final Path staging;
  final PrivateCatalogs catalogs;
  final Object setupVersion;
  final long startedAt;
  int users;
  long lastUsed;
  private volatile Allotment allotment;
  private volatile long memoryBytes;

  /** As of what the allotment was worked out; null: it must be again. */
  private volatile @Nullable Attempt attempt;

  /** One attempt to give it what it may take; one that failed is made again after a while. */
  private record Attempt(Allotments.Stamp stamp, boolean done, long nanos) {}

  Slot(
      SpaceKey space,
      Instance instance,
      Path staging,
      Object setupVersion,
      Allotment allotment,
      long now) {
    this.setupVersion = setupVersion;
    this.startedAt = now;
    this.space = space;
    this.instance = instance;
    this.staging = staging;
    this.catalogs = new PrivateCatalogs(instance);
    this.allotment = allotment;
    this.lastUsed = now;
  }

  Allotment allotment() {
    return allotment;
  }

  boolean isAsOf(Allotments.Stamp now) {
    Attempt made = attempt;
    return made != null
        && made.stamp.equals(now)
        && (made.done || System.nanoTime() - made.nanos < AGAIN_NANOS);
  }

  /** Gives the instance its allotment, which holds until something that it depends on changes. */
  void fit(Allotment wanted, Allotments.Stamp now) {
    boolean done = resize(wanted);
    attempt = new Attempt(now, done, System.nanoTime());
  }

  /**
   * Gives the instance less for the sake of another one; what comes of it is its owner's to see.
   */
  void shrink(Allotment wanted) {
    try {
      var _ = resize(wanted);
    } catch (RuntimeException e) {
      LOG.warn("the instance of {} does not give back what it holds", space, e);
    }
  }

  /**
   * Gives the instance other limits; it keeps the old ones while its statements hold too much.
   *
   * @return whether it has the new ones
   */
  private boolean resize(Allotment wanted) {
    boolean done = wanted.limits().equals(allotment.limits()) || instance.resize(wanted.limits());
    if (done) {
      allotment = wanted;
    }
    attempt = null;
    return done;
  }

  /** Bytes that it holds now, or held when it was last able to say. */
  long memoryBytes() {
    if (!instance.failed()) {
      try {
        memoryBytes = instance.memoryBytes();
      } catch (RuntimeException e) {
        LOG.debug("the instance of {} does not say what it holds", space, e);
      }
    }
    return memoryBytes;
  }

  /** Ends it. What goes wrong then is not the business of who happens to end it. */
  void stop() {
    try {
      catalogs.close();
    } catch (RuntimeException e) {
      LOG.warn("the catalogs of an instance of {} did not end well", space, e);
    }
    try {
      instance.close();
    } catch (RuntimeException e) {
      LOG.warn("an instance of {} did not end well", space, e);
    }
  }
}
