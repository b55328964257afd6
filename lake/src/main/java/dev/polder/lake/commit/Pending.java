package dev.polder.lake.commit;

import dev.polder.lake.CommitNote;
import dev.polder.model.SpaceKey;
import org.jspecify.annotations.Nullable;

/** Work on one table that waits for its turn; decided by whoever has the turn. */
final class Pending<W, R> {
  private final SpaceKey space;
  private final W work;
  private final CommitNote note;
  private volatile @Nullable R result;
  private volatile @Nullable RuntimeException failure;

  Pending(SpaceKey space, W work, CommitNote note) {
    this.space = space;
    this.work = work;
    this.note = note;
  }

  SpaceKey space() {
    return space;
  }

  W work() {
    return work;
  }

  CommitNote note() {
    return note;
  }

  void succeed(R done) {
    result = done;
  }

  void fail(RuntimeException e) {
    failure = e;
  }

  boolean decided() {
    return result != null || failure != null;
  }

  R result() {
    RuntimeException failed = failure;
    if (failed != null) {
      throw failed;
    }
    R done = result;
    if (done == null) {
      throw new IllegalStateException("not decided");
    }
    return done;
  }
}
