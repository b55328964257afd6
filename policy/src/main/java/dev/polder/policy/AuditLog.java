package dev.polder.policy;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.EventType;
import dev.polder.model.SpaceKey;
import dev.polder.policy.internal.AuditRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what belongs to no commit, such as denials and reads, without making each wait for the
 * metastore: one thread writes them within about a second, identical denials as one row with a
 * count. Nothing is left out: while more wait than may, whoever brings more waits too. Thread-safe;
 * closing it writes what is left.
 */
public final class AuditLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final int MAX_WAITING = 10_000;
  private static final int MAX_TEXT = 500;
  private static final Pattern UNSTORABLE = Pattern.compile("[\\p{Cntrl}\\p{Cs}]");
  private static final long COLLAPSE_NANOS = 1_000_000_000L;

  /**
   * A denial as it is told apart from others.
   *
   * @param who the principal's name, or the name that tried to log in
   */
  private record Denial(
      EventType type,
      String who,
      Optional<SpaceKey> space,
      String action,
      String object,
      String reason) {
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
  private final Condition room = lock.newCondition();
  private final ReentrantLock writing = new ReentrantLock();
  private final Thread writer;
  private LinkedHashMap<Denial, Long> denials = new LinkedHashMap<>();
  private List<AuditEvent> events = new ArrayList<>();
  private boolean closed;

  /** The writer's own: whether the last attempt failed, so that the next one takes its time. */
  private boolean failing;

  public AuditLog(Metastore metastore) {
    this.metastore = metastore;
    this.writer = Thread.ofPlatform().daemon().name("audit-log").start(this::writeUntilClosed);
  }

  /**
   * Records that a principal was refused something.
   *
   * @param action what was tried, for example {@code SELECT}
   */
  public void denied(
      Identity identity, SpaceKey space, String action, String object, String reason) {
    denied(
        new Denial(
            EventType.PERMISSION_DENIED,
            identity.name().value(),
            Optional.of(space),
            action,
            object,
            reason));
  }

  /** Records a refusal that concerns no space: of an administrative statement, of binding. */
  public void denied(Identity identity, String action, String object, String reason) {
    denied(
        new Denial(
            EventType.PERMISSION_DENIED,
            identity.name().value(),
            Optional.empty(),
            action,
            object,
            reason));
  }

  /** Records a login that failed. Neither the password nor whether the name exists is written. */
  public void loginFailed(String name, String source) {
    denied(
        new Denial(
            EventType.LOGIN_FAILED,
            name,
            Optional.empty(),
            "LOGIN",
            name + " from " + source,
            "wrong name or password"));
  }

  /** Records something that no commit and no other transaction of the metastore is part of. */
  public void happened(AuditEvent event) {
    lock.lock();
    try {
      awaitRoom();
      events.add(event);
      something.signalAll();
    } finally {
      lock.unlock();
    }
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
      room.signalAll();
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

  private void denied(Denial denial) {
    lock.lock();
    try {
      if (!denials.containsKey(denial)) {
        awaitRoom();
      }
      denials.merge(denial, 1L, Long::sum);
      something.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Who is refused much, or reads much, waits for the trail: it must not lose anything. */
  private void awaitRoom() {
    while (isFull() && !closed) {
      something.signalAll();
      room.awaitUninterruptibly();
    }
  }

  private boolean isFull() {
    return denials.size() + events.size() >= MAX_WAITING;
  }

  private void writeUntilClosed() {
    while (awaitWork()) {
      try {
        flush();
        failing = false;
      } catch (RuntimeException failed) {
        failing = true;
        LOG.warn("the audit trail could not be written; trying again", failed);
      }
    }
  }

  /** Waits for something and then a second for more of its kind; false once closed. */
  private boolean awaitWork() {
    lock.lock();
    try {
      while (!closed && denials.isEmpty() && events.isEmpty()) {
        something.await();
      }
      long left = COLLAPSE_NANOS;
      while (!closed && left > 0 && (failing || !isFull())) {
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
    LinkedHashMap<Denial, Long> denied;
    List<AuditEvent> happened;
    lock.lock();
    try {
      denied = denials;
      happened = events;
      denials = new LinkedHashMap<>();
      events = new ArrayList<>();
    } finally {
      lock.unlock();
    }
    if (denied.isEmpty() && happened.isEmpty()) {
      return;
    }
    try {
      write(denied, happened);
    } catch (RuntimeException failed) {
      putBack(denied, happened);
      throw failed;
    } finally {
      signalRoom();
    }
  }

  private void signalRoom() {
    lock.lock();
    try {
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void write(Map<Denial, Long> denied, List<AuditEvent> happened) {
    metastore.write(tx -> {
      happened.forEach(tx.audit()::append);
      denied.forEach((denial, count) ->
          AuditRows.denied(
              tx,
              denial.type(),
              denial.who(),
              denial.space(),
              denial.object(),
              Map.of(
                  "action",
                  denial.action(),
                  "reason",
                  denial.reason(),
                  "count",
                  Long.toString(count))));
      return denied.size();
    });
  }

  private void putBack(Map<Denial, Long> denied, List<AuditEvent> happened) {
    lock.lock();
    try {
      events.addAll(0, happened);
      denied.forEach((denial, count) -> denials.merge(denial, count, Long::sum));
    } finally {
      lock.unlock();
    }
  }
}
