package dev.polder.engine.internal.instance;

import dev.polder.duck.Instance;
import dev.polder.model.SpaceKey;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A running instance and what belongs to it. Guarded by its owner's lock. */
final class Slot {
  final SpaceKey space;
  final Instance instance;
  final Path staging;
  final PrivateCatalogs catalogs;
  int users;
  long lastUsed;
  private Allotment allotment;

  /** As of what the allotment was worked out; null: it must be again. */
  private Allotments.@Nullable Stamp stamp;

  Slot(SpaceKey space, Instance instance, Path staging, Allotment allotment, long now) {
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
    return now.equals(stamp);
  }

  /** The allotment holds until something that it depends on changes. */
  void stamp(Allotments.Stamp now) {
    stamp = now;
  }

  /**
   * Gives the instance other limits; it keeps the old ones while its statements hold too much.
   *
   * @return whether it has the new ones
   */
  boolean resize(Allotment wanted) {
    boolean done = wanted.limits().equals(allotment.limits()) || instance.resize(wanted.limits());
    if (done) {
      allotment = wanted;
    }
    stamp = null;
    return done;
  }

  void stop() {
    catalogs.close();
    instance.close();
  }
}
