package dev.polder.door.flight.internal;

import dev.polder.door.flight.FlightLimits;
import dev.polder.engine.Result;
import dev.polder.engine.Session;
import dev.polder.engine.StatementOptions;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one client holds open. An engine session runs one statement at a time, and a client may read
 * a result while it runs the next statement: so a client has one engine session for each statement
 * that runs, and one for each open transaction. Settings follow to all of them. Thread-safe.
 */
final class ClientSession implements AutoCloseable {
  private final Identity identity;
  private final Function<Optional<Session>, Session> opener;
  private final FlightLimits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private final List<Lane> lanes = new ArrayList<>();
  private final Settings settings = new Settings();
  private final Map<String, PreparedStatement> prepared = new ConcurrentHashMap<>();
  private long lastUsed = System.nanoTime();
  private boolean closed;

  /**
   * A session without engine sessions yet.
   *
   * @param opener is given one that the client has already, whose connection the new one shares
   */
  ClientSession(
      Identity identity, Function<Optional<Session>, Session> opener, FlightLimits limits) {
    this.identity = identity;
    this.opener = opener;
    this.limits = limits;
  }

  Identity identity() {
    return identity;
  }

  /** Waits for an engine session: the transaction's own one, or any that is free. */
  Lease lease(Optional<String> transaction) {
    Lane lane;
    List<String> missing;
    lock.lock();
    try {
      lane = take(transaction);
      missing = settings.after(lane.settings);
      lane.settings = settings.last();
    } finally {
      lock.unlock();
    }
    Lease lease = new Lease(this, lane);
    try {
      for (String sql : missing) {
        try (Result result = lane.session.execute(sql, List.of(), StatementOptions.defaults())) {
          drain(result);
        }
      }
      followed(lane);
      return lease;
    } catch (RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  private static void drain(Result result) {
    if (result instanceof Result.Rows rows) {
      while (rows.next()) {
        rows.root().clear();
      }
    }
  }

  private Lane take(Optional<String> transaction) {
    long patience = limits.transactionPatience().toNanos();
    while (true) {
      checkOpen();
      Lane wanted = transaction.isPresent() ? named(transaction.get()) : sqlTransaction();
      if (wanted == null) {
        wanted = free();
      }
      if (wanted != null && !wanted.busy) {
        wanted.busy = true;
        lastUsed = System.nanoTime();
        return wanted;
      }
      if (patience <= 0) {
        throw busy(wanted);
      }
      patience = await(patience);
    }
  }

  private Lane named(String transaction) {
    for (Lane lane : lanes) {
      if (transaction.equals(lane.transaction)) {
        return lane;
      }
    }
    throw new PolderException(
        ErrorCode.NO_ACTIVE_TRANSACTION,
        "the transaction named by this call is not open in this session; begin a new one");
  }

  private @Nullable Lane sqlTransaction() {
    for (Lane lane : lanes) {
      if (lane.inSqlTransaction()) {
        return lane;
      }
    }
    return null;
  }

  private void followed(Lane lane) {
    lock.lock();
    try {
      lane.bindings = lane.session.bindings();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Lane free() {
    // What ended while another one was in use is not missed; the last one's end is told.
    lanes.removeIf(lane ->
        !lane.busy
            && lane.transaction == null
            && !lane.session.isOpen()
            && lanes.stream().anyMatch(other -> other.session.isOpen()));
    for (Lane lane : lanes) {
      if (!lane.busy && lane.transaction == null) {
        return lane;
      }
    }
    if (lanes.size() >= limits.statementsPerSession()) {
      return null;
    }
    Lane lane =
        new Lane(
            opener.apply(
                lanes.stream()
                    .filter(other -> !other.left)
                    .map(other -> other.session)
                    .filter(Session::isOpen)
                    .findFirst()));
    lanes.add(lane);
    return lane;
  }

  private PolderException busy(@Nullable Lane lane) {
    return lane == null
        ? new PolderException(
            ErrorCode.SERVER_BUSY,
            "this session already runs "
                + limits.statementsPerSession()
                + " statements or transactions; end one of them or open another connection")
        : new PolderException(
            ErrorCode.TRANSACTION_ACTIVE,
            "another statement of this transaction is still running or its result is not read to"
                + " the end; a transaction runs one statement at a time");
  }

  // The caller loops.
  @SuppressWarnings("WaitNotInLoop")
  private long await(long nanos) {
    try {
      return released.awaitNanos(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PolderException(
          ErrorCode.STATEMENT_CANCELLED, "the statement was cancelled while it waited", e);
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new PolderException(
          ErrorCode.SESSION_CLOSED, "the session was closed; repeat the call to open another");
    }
  }

  void release(Lane lane) {
    lock.lock();
    try {
      lane.busy = false;
      if (lane.left || !lane.session.isOpen()) {
        lanes.remove(lane);
      }
      lastUsed = System.nanoTime();
      released.signalAll();
    } finally {
      lock.unlock();
    }
    if (lane.left) {
      lane.session.close();
    }
  }

  void remember(Lane lane, String sql) {
    List<Lane> left = List.of();
    lock.lock();
    try {
      boolean rebound = lane.session.bindings() != lane.bindings;
      if (settings.add(sql, rebound)) {
        lane.settings = settings.last();
      }
      if (rebound) {
        lane.bindings = lane.session.bindings();
        prepared.clear();
        left = leaveOthers(lane);
      }
    } finally {
      lock.unlock();
    }
    left.forEach(other -> other.session.close());
  }

  /**
   * The client is in one database: its other engine sessions end, so that they take up no place in
   * the one that it was in, those that run a statement when they have ended it.
   */
  private List<Lane> leaveOthers(Lane lane) {
    List<Lane> idle = new ArrayList<>();
    for (Lane other : lanes) {
      if (other != lane) {
        other.transaction = null;
        other.left = true;
        if (!other.busy) {
          idle.add(other);
        }
      }
    }
    lane.transaction = null;
    lanes.removeAll(idle);
    return idle;
  }

  /** Makes the lease's engine session the transaction's own until {@link #endTransaction}. */
  String beginTransaction(Lease lease) {
    String name = Handles.next();
    mark(lease, name);
    return name;
  }

  void endTransaction(Lease lease) {
    mark(lease, null);
  }

  private void mark(Lease lease, @Nullable String transaction) {
    lock.lock();
    try {
      lease.lane().transaction = transaction;
    } finally {
      lock.unlock();
    }
  }

  String prepare(PreparedStatement statement) {
    if (prepared.size() >= limits.preparedPerSession()) {
      throw new PolderException(
          ErrorCode.CONNECTION_LIMIT,
          "this session keeps "
              + limits.preparedPerSession()
              + " prepared statements open; close some of them");
    }
    String handle = Handles.next();
    prepared.put(handle, statement);
    return handle;
  }

  PreparedStatement prepared(String handle) {
    PreparedStatement statement = prepared.get(handle);
    if (statement == null) {
      throw new PolderException(
          ErrorCode.PREPARED_STATEMENT_NOT_FOUND,
          "this session has no such prepared statement; it was closed or its session expired:"
              + " prepare it again");
    }
    return statement;
  }

  void forget(String handle) {
    prepared.remove(handle);
  }

  boolean unused() {
    lock.lock();
    try {
      return lanes.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  boolean idleFor(long nanos) {
    lock.lock();
    try {
      return System.nanoTime() - lastUsed > nanos && lanes.stream().noneMatch(lane -> lane.busy);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    List<Lane> open;
    lock.lock();
    try {
      closed = true;
      open = List.copyOf(lanes);
      lanes.clear();
      released.signalAll();
    } finally {
      lock.unlock();
    }
    prepared.clear();
    open.forEach(lane -> lane.session.close());
  }
}
