package dev.polder.engine.catalog;

/**
 * What was given to other engines since the server started. Immutable.
 *
 * @param signed requests to the store that were signed
 * @param refused requests that were not
 * @param vended answers with temporary keys
 */
public record DelegationCounts(long signed, long refused, long vended) {}
