package dev.polder.engine.internal.instance;

import dev.polder.model.SpaceKey;
import java.util.List;

/**
 * An instance that runs.
 *
 * @param stale whether a new one would attach other sources
 * @param retiring it serves its statements to their end and no new ones
 * @param statements that use it now
 * @param startedAt milliseconds since the epoch
 * @param failedSources aliases of what could not be attached and was left out
 */
public record RunningInstance(
    SpaceKey space,
    String id,
    boolean stale,
    boolean retiring,
    int statements,
    long startedAt,
    long memoryBytes,
    List<String> failedSources) {}
