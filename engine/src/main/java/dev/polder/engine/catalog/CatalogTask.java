package dev.polder.engine.catalog;

import dev.polder.model.JobId;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Background work in a database, as its owners and who asked for it see it. Times are in
 * microseconds. Immutable.
 *
 * @param subject what it is done to
 * @param progress what its kind reports, as JSON
 * @param error why the last attempt failed
 * @param nextRunAt when a queued one begins, at the earliest
 */
public record CatalogTask(
    JobId id,
    String kind,
    State state,
    String subject,
    Optional<String> createdBy,
    Optional<String> progress,
    int attempts,
    Optional<String> error,
    boolean cancelRequested,
    long createdAt,
    long nextRunAt,
    OptionalLong finishedAt) {
  /** How far it is; the last three are final. */
  public enum State {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
