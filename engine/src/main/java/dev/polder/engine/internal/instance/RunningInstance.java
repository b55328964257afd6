package dev.polder.engine.internal.instance;

import dev.polder.model.SpaceKey;
import java.util.List;

/**
 * An instance that runs.
 *
 * @param stale whether a new one would attach other sources
 * @param startedAt milliseconds since the epoch
 * @param failedSources aliases of what could not be attached and was left out
 */
public record RunningInstance(
    SpaceKey space, String id, boolean stale, long startedAt, List<String> failedSources) {}
