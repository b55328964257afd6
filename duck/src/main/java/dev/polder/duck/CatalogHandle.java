package dev.polder.duck;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A private catalog of an instance: in memory, under an unguessable name, shared by any number of
 * connections. It is detached when the last of its holders closes it. Thread-safe.
 */
public final class CatalogHandle implements AutoCloseable {
  private final Instance instance;
  private final String name;
  private final AtomicInteger holders = new AtomicInteger(1);

  CatalogHandle(Instance instance, String name) {
    this.instance = instance;
    this.name = name;
  }

  public String name() {
    return name;
  }

  /**
   * Adds a holder, who must close the handle once. Fails when the catalog is gone, which a holder
   * never sees.
   */
  public CatalogHandle retain() {
    int before = holders.getAndUpdate(n -> n == 0 ? 0 : n + 1);
    if (before == 0) {
      throw new IllegalStateException("the private catalog is closed");
    }
    return this;
  }

  /** As {@link #retain()}, but answers false when the catalog is gone. */
  public boolean tryRetain() {
    return holders.getAndUpdate(n -> n == 0 ? 0 : n + 1) != 0;
  }

  @Override
  public void close() {
    int left = holders.updateAndGet(n -> n == 0 ? -1 : n - 1);
    if (left < 0) {
      holders.set(0);
      throw new IllegalStateException("the private catalog was closed more often than retained");
    }
    if (left == 0) {
      instance.detach(name);
    }
  }
}
