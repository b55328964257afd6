package dev.polder.lake.commit;

import dev.polder.lake.QuotaViews;
import dev.polder.metastore.quota.Turns;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import java.time.Duration;

/** How many commits are built and written at once, and who is next. Thread-safe. */
final class CommitPlaces {
  private final QuotaViews quotas;
  private final Turns turns;
  private final Duration timeout;

  CommitPlaces(QuotaViews quotas, int places, Duration timeout) {
    this.quotas = quotas;
    this.turns = new Turns(places);
    this.timeout = timeout;
  }

  CommitPlace of(SpaceKey space) {
    return new CommitPlace(() -> turn(space));
  }

  private Turns.Place turn(SpaceKey space) {
    Turns.Place place =
        turns.enter(quotas.view(space).priorityClass(), Integer.MAX_VALUE).orElseThrow();
    try {
      if (place.await(timeout)) {
        return place;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      place.close();
      throw new PolderException(
          ErrorCode.STATEMENT_CANCELLED, "the commit was cancelled while it waited", e);
    }
    place.close();
    throw Conflict.of("others were committing for " + timeout);
  }
}
