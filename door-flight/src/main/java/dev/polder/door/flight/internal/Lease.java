package dev.polder.door.flight.internal;

import dev.polder.engine.Session;

/** The right to run statements on one engine session until closed. One owner. */
final class Lease implements AutoCloseable {
  private final ClientSession owner;
  private final Lane lane;
  private boolean closed;

  Lease(ClientSession owner, Lane lane) {
    this.owner = owner;
    this.lane = lane;
  }

  Lane lane() {
    return lane;
  }

  Session session() {
    return lane.session;
  }

  /** Notes a statement that changed the session, for the client's other engine sessions. */
  void ran(String sql) {
    owner.remember(lane, sql);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      owner.release(lane);
    }
  }
}
