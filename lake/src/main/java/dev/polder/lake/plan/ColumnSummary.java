package dev.polder.lake.plan;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is proven of a column over all files of a plan, deleted rows included. Immutable.
 *
 * @param lower no value is less (NULL and NaN apart), in Iceberg's internal form; for strings it
 *     may be shorter than any value
 * @param upper no value is greater
 * @param nulls empty when a file does not say
 * @param nans empty when a file does not say
 */
public record ColumnSummary(
    Optional<Object> lower, Optional<Object> upper, OptionalLong nulls, OptionalLong nans) {}
