package dev.polder.lake.collect;

/**
 * What a run of the collector would take of one database.
 *
 * @param purged whether it was dropped so long ago that it could not be had back any more
 * @param versions of tables and views that would be forgotten
 * @param files that nothing would reach then
 * @param complete false: there is more
 */
public record CollectPreview(
    boolean purged, long versions, long files, long bytes, boolean complete) {}
