package dev.polder.policy;

import dev.polder.metastore.Metastore;
import dev.polder.model.SpaceKey;
import dev.polder.policy.internal.AuditRows;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records denials without making the denied statement wait: one thread writes them within about a
 * second, identical ones as one row with a count. What a full buffer cannot take is counted, and
 * the count is written. Thread-safe; closing it writes what is left.
 */
public final class AuditLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final int MAX_DISTINCT = 10_000;
  private static final int MAX_TEXT = 500;
  private static final Pattern UNSTORABLE = Pattern.compile("[\\p{Cntrl}\\p{Cs}]");
  private static final long COLLAPSE_NANOS = 1_000_000_000L;

  /**
   * A denial as it is told apart from others.
   *
   * @param who the principal's name, or the name that tried to log in
   */
  private record Denial(
      String who, Optional<SpaceKey> space, String action, String object, String reason) {
    Denial {
      who = storable(who);
      object = storable(object);
      reason = storable(reason);
    }

    /** Names come from outside: bounded, and without what a database cannot store. */
    private static String storable(String text) {
      String bounded = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
      return UNSTORABLE.matcher(bounded).replaceAll("\uFFFD");
    }
  }

  private final Metastore metastore;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();
  private final ReentrantLock writing = new ReentrantLock();
  private final Thread writer;
  private LinkedHashMap<Denial, Long> pending = new LinkedHashMap<>();
  private long uncounted;
  private boolean closed;

  public AuditLog(Metastore metastore) {
    this.metastore = metastore;
    this.writer = Thread.ofPlatform().daemon().name("audit-denials").start(this::writeUntilClosed);
  }

  /**
   * Records that a principal was refused something.
   *
   * @param action what was tried, for example {@code SELECT}
   */
  public void denied(
      Identity identity, SpaceKey space, String action, String object, String reason) {
    add(new Denial(identity.name().value(), Optional.of(space), action, object, reason));
  }

  /** Records a refusal that concerns no space: of an administrative statement, of binding. */
  public void denied(Identity identity, String action, String object, String reason) {
    add(new Denial(identity.name().value(), Optional.empty(), action, object, reason));
  }

  /** Records a login that failed. Neither the password nor whether the name exists is written. */
  public void loginFailed(String name, String source) {
    add(
        new Denial(
            name, Optional.empty(), "LOGIN", name + " from " + source, "wrong name or password"));
  }

  /** Writes what is waiting and returns when it is durable. */
  public void flush() {
    writing.lock();
    try {
      writePending();
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      something.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      writer.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    flush();
  }

  private void add(Denial denial) {
    lock.lock();
    try {
      if (pending.size() >= MAX_DISTINCT && !pending.containsKey(denial)) {
        uncounted++;
      } else {
        pending.merge(denial, 1L, Long::sum);
      }
      something.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void writeUntilClosed() {
    while (awaitWork()) {
      try {
        flush();
      } catch (RuntimeException failed) {
        LOG.warn("denials could not be written to the audit trail; trying again", failed);
      }
    }
  }

  /** Waits for a denial and then a second for more of its kind; false once closed. */
  private boolean awaitWork() {
    lock.lock();
    try {
      while (!closed && pending.isEmpty() && uncounted == 0) {
        something.await();
      }
      long left = COLLAPSE_NANOS;
      while (!closed && left > 0) {
        left = something.awaitNanos(left);
      }
      return !closed;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void writePending() {
    LinkedHashMap<Denial, Long> batch;
    long lost;
    lock.lock();
    try {
      batch = pending;
      lost = uncounted;
      pending = new LinkedHashMap<>();
      uncounted = 0;
    } finally {
      lock.unlock();
    }
    if (batch.isEmpty() && lost == 0) {
      return;
    }
    try {
      write(batch, lost);
    } catch (RuntimeException failed) {
      putBack(batch, lost);
      throw failed;
    }
  }

  private void write(Map<Denial, Long> batch, long lost) {
    metastore.write(tx -> {
      batch.forEach((denial, count) ->
          AuditRows.denied(
              tx,
              denial.who(),
              denial.space(),
              denial.action(),
              denial.object(),
              Map.of("reason", denial.reason(), "count", Long.toString(count))));
      if (lost > 0) {
        AuditRows.denied(
            tx,
            "",
            Optional.empty(),
            "DENIALS",
            "",
            Map.of("reason", "more than could be told apart", "count", Long.toString(lost)));
      }
      return batch.size();
    });
  }

  private void putBack(Map<Denial, Long> batch, long lost) {
    lock.lock();
    try {
      uncounted += lost;
      batch.forEach((denial, count) -> {
        if (pending.size() >= MAX_DISTINCT && !pending.containsKey(denial)) {
          uncounted += count;
        } else {
          pending.merge(denial, count, Long::sum);
        }
      });
    } finally {
      lock.unlock();
    }
  }
}
