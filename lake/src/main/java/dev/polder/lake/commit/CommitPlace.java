package dev.polder.lake.commit;

import dev.polder.metastore.quota.Turns;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A place among the commits that are built and written at once, which can be left while the commit
 * waits for somebody else. One owner.
 */
final class CommitPlace implements AutoCloseable {
  private final Supplier<Turns.Place> turn;
  private Turns.@Nullable Place place;

  CommitPlace(Supplier<Turns.Place> turn) {
    this.turn = turn;
    this.place = turn.get();
  }

  void leave() {
    close();
  }

  void comeBack() {
    if (place == null) {
      place = turn.get();
    }
  }

  @Override
  public void close() {
    Turns.Place held = place;
    place = null;
    if (held != null) {
      held.close();
    }
  }
}
