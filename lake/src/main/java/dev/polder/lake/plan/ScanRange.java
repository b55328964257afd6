package dev.polder.lake.plan;

/**
 * A stretch of a scan: data manifests by their place in the list that the scan's snapshot has, from
 * one to before another. Immutable.
 *
 * @param skip how many of the first manifest's entries another stretch has
 */
public record ScanRange(int from, int to, int skip) {
  static final ScanRange ALL = new ScanRange(0, Integer.MAX_VALUE, 0);
}
