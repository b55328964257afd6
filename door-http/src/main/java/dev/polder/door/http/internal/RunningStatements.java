package dev.polder.door.http.internal;

import dev.polder.engine.Session;
import dev.polder.http.Connection;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The statements that run now, by the name their client gave them. Cancels those whose client asks
 * for it or has hung up. Thread-safe.
 */
public final class RunningStatements {
  private static final long FIRST_LOOK_NANOS = 50_000_000;

  private record Key(PrincipalId principal, UUID statement) {}

  private final Map<Key, Running> running = new ConcurrentHashMap<>();

  /** Notes a statement; the caller closes what it gets before it ends the response. */
  public Running start(Exchange exchange, UUID statement, Session session) {
    Key key = new Key(exchange.identity().id(), statement);
    Running entry =
        new Running(statement, session, new Connection(exchange.jetty()), () -> forget(key));
    if (running.putIfAbsent(key, entry) != null) {
      throw Fields.bad("a statement with the id " + statement + " is running already");
    }
    return entry;
  }

  /** Cancels a statement of this principal. */
  public void cancel(PrincipalId principal, UUID statement) {
    Running entry = running.get(new Key(principal, statement));
    if (entry == null) {
      throw new PolderException(
          ErrorCode.STATEMENT_NOT_FOUND, "no statement " + statement + " of yours is running");
    }
    entry.cancel();
  }

  /** Looks after every statement once: called a few times a second. */
  public void tend() {
    long now = System.nanoTime();
    for (Running entry : running.values()) {
      entry.tend(now - FIRST_LOOK_NANOS);
    }
  }

  int size() {
    return running.size();
  }

  private void forget(Key key) {
    running.remove(key);
  }

  /** One statement. */
  public static final class Running implements AutoCloseable {
    private final UUID statement;
    private final Session session;
    private final Connection connection;
    private final Runnable onClose;
    private final long started = System.nanoTime();
    private boolean cancelled;
    private boolean ended;

    private Running(UUID statement, Session session, Connection connection, Runnable onClose) {
      this.statement = statement;
      this.session = session;
      this.connection = connection;
      this.onClose = onClose;
    }

    public UUID statement() {
      return statement;
    }

    synchronized void cancel() {
      cancelled = true;
      if (!ended) {
        session.cancel(statement);
      }
    }

    /**
     * Looks for a client that left. Cancelling is repeated, because the first time the statement
     * may still have been waiting for its session.
     */
    private synchronized void tend(long ifStartedBefore) {
      if (ended || started - ifStartedBefore > 0) {
        return;
      }
      if (cancelled || connection.isGone()) {
        cancel();
      }
    }

    /** After this nothing touches the connection any more. */
    @Override
    public synchronized void close() {
      ended = true;
      onClose.run();
    }
  }
}
