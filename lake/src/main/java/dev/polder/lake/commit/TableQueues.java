package dev.polder.lake.commit;

import dev.polder.lake.Committed;
import dev.polder.model.CollectionId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Commits of this server wait for each other table by table, first come first served, so that they
 * do not fail against each other. Those of one kind that wait for the same table are taken
 * together. Thread-safe.
 */
final class TableQueues {
  private final ConcurrentHashMap<CollectionId, TableQueue> queues = new ConcurrentHashMap<>();
  private final Duration timeout;

  TableQueues(Duration timeout) {
    this.timeout = timeout;
  }

  TableQueue of(CollectionId id) {
    return queues.computeIfAbsent(id, ignored -> new TableQueue());
  }

  /**
   * Waits for the turn at all of the tables; in one order everywhere, so that none waits forever.
   */
  Turn acquire(List<CollectionId> tables) {
    Turn turn = new Turn();
    for (CollectionId id :
        tables.stream().distinct().sorted(Comparator.comparing(CollectionId::value)).toList()) {
      TableQueue queue = of(id);
      boolean taken = false;
      try {
        taken = queue.lock.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        turn.close();
        throw new PolderException(
            ErrorCode.STATEMENT_CANCELLED, "the commit was cancelled while it waited", e);
      }
      if (!taken) {
        turn.close();
        throw Conflict.of("others were committing to the same table for " + timeout);
      }
      turn.held.add(queue);
    }
    return turn;
  }

  /** The waiting of one table. */
  static final class TableQueue {
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Line<TableWork, Committed> appends = new Line<>();
    private final Line<UpdateWork, UpdateCommits.Updated> updates = new Line<>();

    Line<TableWork, Committed> appends() {
      return appends;
    }

    Line<UpdateWork, UpdateCommits.Updated> updates() {
      return updates;
    }
  }

  /** What waits for one table and can be decided together. */
  static final class Line<W, R> {
    private final Queue<Pending<W, R>> waiting = new ConcurrentLinkedQueue<>();

    void offer(Pending<W, R> work) {
      waiting.add(work);
    }

    void withdraw(Pending<W, R> work) {
      waiting.remove(work);
    }

    /** Takes the longest waiting ones; only with the turn. */
    List<Pending<W, R>> take(int limit) {
      List<Pending<W, R>> taken = new ArrayList<>();
      Pending<W, R> next;
      while (taken.size() < limit && (next = waiting.poll()) != null) {
        taken.add(next);
      }
      return taken;
    }
  }

  /** The right to commit to some tables, until closed. */
  static final class Turn implements AutoCloseable {
    private final List<TableQueue> held = new ArrayList<>();

    @Override
    public void close() {
      while (!held.isEmpty()) {
        held.removeLast().lock.unlock();
      }
    }
  }
}
