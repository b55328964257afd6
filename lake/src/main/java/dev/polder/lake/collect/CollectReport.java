package dev.polder.lake.collect;

/**
 * What one run of the collector did, or would do.
 *
 * @param purged dropped databases that cannot be had back any more
 * @param versions forgotten versions of tables and views
 * @param condemned files that no version reaches any more
 * @param strays files that no commit ever named
 * @param deleted files that are gone
 * @param failed files that the store did not delete; the next run tries again
 */
public record CollectReport(
    long purged, long versions, long condemned, long strays, long deleted, long failed) {
  static final CollectReport NOTHING = new CollectReport(0, 0, 0, 0, 0, 0);

  CollectReport plus(CollectReport other) {
    return new CollectReport(
        purged + other.purged,
        versions + other.versions,
        condemned + other.condemned,
        strays + other.strays,
        deleted + other.deleted,
        failed + other.failed);
  }
}
