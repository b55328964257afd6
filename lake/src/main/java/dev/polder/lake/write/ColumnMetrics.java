package dev.polder.lake.write;

import org.jspecify.annotations.Nullable;

/**
 * What is known of one column of a data file; −1 and null say unknown. Bounds are Java objects in
 * the form of {@code LakeFilter.Comparison}; NaN is no bound.
 *
 * @param fieldId id of a primitive field, at any depth
 * @param compressedSize bytes on disk
 * @param values number of values, nulls and NaNs included
 * @param lower at most the smallest value; null when unknown or there is none
 * @param upper the greatest value, or a prefix of it when not exact; null when unknown or none
 * @param lowerExact whether lower is the smallest value itself
 * @param upperExact whether upper is the greatest value itself; if not it is a prefix of it
 */
public record ColumnMetrics(
    int fieldId,
    long compressedSize,
    long values,
    long nulls,
    long nans,
    @Nullable Object lower,
    @Nullable Object upper,
    boolean lowerExact,
    boolean upperExact) {}
