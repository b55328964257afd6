package dev.polder.metastore.mirror;

import dev.polder.model.ClusterName;
import dev.polder.model.Secret;

/**
 * Another server. Immutable.
 *
 * @param token encrypted; only the server's key gives what the other server takes
 */
public record Cluster(ClusterName name, String url, Secret token, long createdAt) {}
