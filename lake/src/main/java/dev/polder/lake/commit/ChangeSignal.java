package dev.polder.lake.commit;

import dev.polder.metastore.Metastore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes who waits for something to change in the metastore. It hears of this server's changes
 * alone: for those of others, ask again after a while. Thread-safe.
 */
public final class ChangeSignal {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final AtomicLong version = new AtomicLong();

  public ChangeSignal(Metastore metastore) {
    metastore.onChange(() -> {
      version.getAndIncrement();
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    });
  }

  /** To be taken before looking, and waited for after. */
  public long version() {
    return version.get();
  }

  /** Waits for a change after a version, and no longer than that. */
  public void await(long seen, long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (version.get() == seen && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
