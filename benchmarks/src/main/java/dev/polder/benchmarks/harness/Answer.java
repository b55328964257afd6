package dev.polder.benchmarks.harness;

/**
 * What a side answered. Immutable.
 *
 * @param hash of all rows whatever their order; 0 where it was not asked for
 */
public record Answer(long rows, long hash) {}
