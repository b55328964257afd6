package dev.polder.lake.commit;

import dev.polder.lake.CommitNote;
import dev.polder.lake.Committed;
import dev.polder.model.SpaceKey;
import org.jspecify.annotations.Nullable;

/** An append that waits for its turn at a table; decided by whoever has the turn. */
final class PendingAppend {
  private final SpaceKey space;
  private final TableWork work;
  private final CommitNote note;
  private volatile @Nullable Committed committed;
  private volatile @Nullable RuntimeException failure;

  PendingAppend(SpaceKey space, TableWork work, CommitNote note) {
    this.space = space;
    this.work = work;
    this.note = note;
  }

  SpaceKey space() {
    return space;
  }

  TableWork work() {
    return work;
  }

  CommitNote note() {
    return note;
  }

  void succeed(Committed result) {
    committed = result;
  }

  void fail(RuntimeException e) {
    failure = e;
  }

  boolean decided() {
    return committed != null || failure != null;
  }

  Committed result() {
    RuntimeException failed = failure;
    if (failed != null) {
      throw failed;
    }
    Committed result = committed;
    if (result == null) {
      throw new IllegalStateException("not decided");
    }
    return result;
  }
}
