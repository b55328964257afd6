package dev.polder.metastore.lineage;

import dev.polder.model.DatabaseId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * That a database, once a clone or a mirror, has had files of its own alone since a time.
 * Immutable.
 *
 * @param source what it was made from
 */
public record Independence(DatabaseId source, long materializedAt) {
  /** In the words of a sentence. */
  public Instant at() {
    return Instant.EPOCH.plus(materializedAt, ChronoUnit.MICROS).truncatedTo(ChronoUnit.SECONDS);
  }
}
