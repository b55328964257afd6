package dev.polder.metastore.quota;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A bounded number of places at work. When all are taken, the priority classes that wait take turns
 * by their weights, each in order of arrival. Thread-safe.
 */
public final class Turns {
  private final TurnQueue<Place> queue = new TurnQueue<>();
  private int free;

  public Turns(int places) {
    this.free = places;
  }

  /**
   * A place, or one in the queue; it must be closed.
   *
   * @return empty: so many of the class wait already
   */
  public synchronized Optional<Place> enter(PriorityClass priority, int mostWaiting) {
    Place place = new Place(priority);
    if (free > 0) {
      free--;
      place.admit();
    } else if (queue.size(priority) >= mostWaiting) {
      return Optional.empty();
    } else {
      queue.add(priority, place);
    }
    return Optional.of(place);
  }

  private synchronized void leave(Place place) {
    if (place.left) {
      return;
    }
    place.left = true;
    if (!place.admitted) {
      queue.remove(place.priority, place);
      return;
    }
    Place next = queue.poll();
    if (next == null) {
      free++;
    } else {
      next.admit();
    }
  }

  /** How many wait. */
  public synchronized int waiting() {
    return queue.size();
  }

  /** How many places are free. */
  public synchronized int free() {
    return free;
  }

  /** Somebody's place, or wait for one. Closing it a second time does nothing. */
  public final class Place implements AutoCloseable {
    private final CountDownLatch woken = new CountDownLatch(1);
    private final PriorityClass priority;
    private boolean admitted;
    private boolean left;

    private Place(PriorityClass priority) {
      this.priority = priority;
    }

    private void admit() {
      admitted = true;
      wake();
    }

    /** Waits for the turn; false: it has not come yet, or the wait was ended. */
    public boolean await(Duration most) throws InterruptedException {
      var _ = woken.await(most.toMillis(), TimeUnit.MILLISECONDS);
      synchronized (Turns.this) {
        return admitted;
      }
    }

    /** Ends the wait. */
    public void wake() {
      woken.countDown();
    }

    @Override
    public void close() {
      leave(this);
    }
  }
}
