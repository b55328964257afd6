package dev.polder.metastore.quota;

import dev.polder.model.SpaceKey;

/**
 * What one server uses of one space. Immutable.
 *
 * @param server its name among those that share the metastore
 * @param qps statements of the last seconds, a second, refused ones included
 */
public record ServerUse(
    String server, SpaceKey space, long connections, long qps, long memoryBytes) {}
