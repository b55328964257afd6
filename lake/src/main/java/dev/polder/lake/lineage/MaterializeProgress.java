package dev.polder.lake.lineage;

/**
 * How far a clone's way to files of its own is. Immutable.
 *
 * @param table the one it is at
 */
public record MaterializeProgress(
    long tables, long tablesDone, long files, long bytes, String table) {
  /** Hears of progress; what it throws ends the work, which can be taken up again. */
  @FunctionalInterface
  public interface Listener {
    void report(MaterializeProgress progress);

    /** A moment when nobody waits for the work. */
    default void pause() {}
  }
}
