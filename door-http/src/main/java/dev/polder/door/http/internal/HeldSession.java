package dev.polder.door.http.internal;

import dev.polder.engine.Session;
import dev.polder.model.PrincipalId;
import dev.polder.policy.Identity;

/** A session that outlives a request, with its owner and the time of its last use. Thread-safe. */
final class HeldSession {
  private final Session session;
  private int inUse;
  private boolean closed;
  private long lastUsed = System.nanoTime();

  HeldSession(Session session) {
    this.session = session;
  }

  Session session() {
    return session;
  }

  boolean belongsTo(PrincipalId principal) {
    return session.identity().id().equals(principal);
  }

  /**
   * Whether its statements may be asked for by this one. A token may do less than its user's
   * password, so whoever came with one cannot use a session that was opened with the other.
   */
  boolean opensTo(Identity identity) {
    return session.identity().isSameLogin(identity);
  }

  /** False when the session has just been closed. */
  synchronized boolean acquire() {
    if (!closed) {
      inUse++;
    }
    return !closed;
  }

  synchronized void release() {
    inUse--;
    lastUsed = System.nanoTime();
  }

  /** True when it was idle for that long; it can then not be acquired any more. */
  synchronized boolean expire(long idleNanos) {
    if (closed || inUse > 0 || System.nanoTime() - lastUsed < idleNanos) {
      return false;
    }
    closed = true;
    return true;
  }

  void close() {
    synchronized (this) {
      closed = true;
    }
    session.close();
  }
}
