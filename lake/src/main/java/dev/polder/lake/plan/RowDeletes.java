package dev.polder.lake.plan;

import org.roaringbitmap.RoaringBitmap;

/**
 * The deleted rows of one data file, of all three kinds of deletes, as positions from 0. Loaded on
 * first use and cached; thread-safe.
 */
@FunctionalInterface
public interface RowDeletes {
  /** The positions; callers do not change the bitmap. */
  RoaringBitmap positions();
}
