package dev.polder.lake;

import dev.polder.model.DatabaseId;

/** How fast background work on a database goes on. Thread-safe. */
@FunctionalInterface
public interface Pace {
  /** As fast as it can. */
  Pace FULL = (database, step) -> step.run();

  /** Does a step of the work, or leaves it to a later run: the database has had its share. */
  void work(DatabaseId database, Runnable step);
}
