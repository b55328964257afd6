package dev.polder.policy;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.EventType;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.policy.internal.AuditRows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what belongs to no commit, such as denials and reads, without making each wait for the
 * metastore: one thread writes them within about a second, identical denials as one row with a
 * count. Nothing is left out silently: while more wait than may, whoever brings more waits too, and
 * fails when that takes too long. Thread-safe; closing it writes what is left and lets nobody wait
 * any more.
 */
public final class AuditLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final int MAX_WAITING = 10_000;
  private static final int MAX_TEXT = 500;
  private static final Pattern UNSTORABLE = Pattern.compile("[\\p{Cntrl}\\p{Cs}]");
  private static final long COLLAPSE_NANOS = 1_000_000_000L;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  /** More in one transaction would keep the metastore's other writers waiting. */
  private static final int BATCH = 500;

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
      String privilege,
      String reason,
      String digest) {
    Denial {
      who = storable(who);
      object = storable(object);
      reason = storable(reason);
      digest = storable(digest);
    }

    /** Names come from outside: bounded, and without what a database cannot store. */
    private static String storable(String text) {
      String bounded = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
      return UNSTORABLE.matcher(bounded).replaceAll("\uFFFD");
    }
  }

  private final Metastore metastore;
  private final Duration longestWait;
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
    this(metastore, LONGEST_WAIT);
  }

  /**
   * A log of its own.
   *
   * @param longestWait how long anybody waits for room, and closing for the last write
   */
  AuditLog(Metastore metastore, Duration longestWait) {
    this.metastore = metastore;
    this.longestWait = longestWait;
    this.writer = Thread.ofPlatform().daemon().name("audit-log").start(this::writeUntilClosed);
  }

  /**
   * Records that a principal was refused something.
   *
   * @param space whose chain it goes to; empty: it concerns no space, and goes to the server's
   * @param action what was tried, for example {@code SELECT}
   * @param digest the statement's text without values; empty when there was none
   */
  public void denied(
      Identity identity,
      Optional<SpaceKey> space,
      String action,
      String object,
      String reason,
      String digest) {
    denied(identity, space, action, object, "", reason, digest);
  }

  /**
   * Records that a principal was refused something for want of a privilege.
   *
   * @param privilege the one that it lacks; empty when it is not for want of one
   */
  public void denied(
      Identity identity,
      Optional<SpaceKey> space,
      String action,
      String object,
      String privilege,
      String reason,
      String digest) {
    denied(
        new Denial(
            EventType.PERMISSION_DENIED,
            identity.name().value(),
            space,
            action,
            object,
            privilege,
            reason,
            digest));
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
            "",
            "wrong name or password",
            ""));
  }

  /**
   * Records something that no commit and no other transaction of the metastore is part of.
   *
   * @throws PolderException METASTORE_UNAVAILABLE when the trail stays full
   */
  public void happened(List<AuditEvent> told) {
    if (told.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      awaitRoom();
      events.addAll(told);
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
      if (!writer.join(longestWait) || !writing.tryLock(longestWait.toNanos(), NANOSECONDS)) {
        LOG.error("the audit trail's last {} records could not be written in time", waiting());
        return;
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      LOG.error("the audit trail's last {} records were not waited for", waiting());
      return;
    }
    try {
      writePending();
    } catch (RuntimeException failed) {
      LOG.error("the audit trail's last {} records could not be written", waiting(), failed);
    } finally {
      writing.unlock();
    }
  }

  private int waiting() {
    lock.lock();
    try {
      return denials.size() + events.size();
    } finally {
      lock.unlock();
    }
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
    long left = longestWait.toNanos();
    while (isFull()) {
      if (closed) {
        throw new PolderException(
            ErrorCode.SHUTTING_DOWN, "the server is shutting down; connect again when it is back");
      }
      if (left <= 0) {
        LOG.error("the audit trail is full and cannot be written; statements fail for it");
        throw new PolderException(
            ErrorCode.METASTORE_UNAVAILABLE,
            "the audit trail cannot be written at present, and the statement not go without it;"
                + " try again later");
      }
      something.signalAll();
      try {
        left = room.awaitNanos(left);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new PolderException(
            ErrorCode.STATEMENT_CANCELLED,
            "the statement was cancelled while it waited for the audit trail",
            interrupted);
      }
    }
  }

  boolean isFull() {
    return waiting() >= MAX_WAITING;
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
      writeEvents(happened);
      writeDenials(denied);
    } catch (RuntimeException failed) {
      putBack(denied, happened);
      throw failed;
    } finally {
      signalRoom();
    }
  }

  /** Takes away what is written, so that what is left can be put back. */
  private void writeEvents(List<AuditEvent> happened) {
    while (!happened.isEmpty()) {
      List<AuditEvent> batch = happened.subList(0, Math.min(BATCH, happened.size()));
      List<AuditEvent> written = List.copyOf(batch);
      metastore.write(tx -> tx.audit().appendAll(written));
      batch.clear();
    }
  }

  private void writeDenials(Map<Denial, Long> denied) {
    while (!denied.isEmpty()) {
      List<Denial> batch = denied.keySet().stream().limit(BATCH).toList();
      List<AuditEvent> written =
          batch.stream().map(denial -> event(denial, denied.getOrDefault(denial, 1L))).toList();
      metastore.write(tx -> tx.audit().appendAll(written));
      batch.forEach(denied::remove);
    }
  }

  private static AuditEvent event(Denial denial, long count) {
    Map<String, String> detail = new TreeMap<>();
    detail.put("action", denial.action());
    detail.put("reason", denial.reason());
    if (!denial.privilege().isEmpty()) {
      detail.put("privilege", denial.privilege());
    }
    detail.put("count", Long.toString(count));
    if (!denial.digest().isEmpty()) {
      detail.put("statement_digest", denial.digest());
    }
    return AuditRows.denied(denial.type(), denial.who(), denial.space(), denial.object(), detail);
  }

  private void signalRoom() {
    lock.lock();
    try {
      room.signalAll();
    } finally {
      lock.unlock();
    }
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
