package dev.polder.lake.delegation;

import java.time.Instant;
import java.util.Map;

/**
 * Keys that end by themselves. Immutable.
 *
 * @param prefix what they are to be used for, as clients choose among credentials; what they open
 *     may be less
 * @param config as Iceberg's file stores take them
 */
public record TemporaryCredentials(String prefix, Map<String, String> config, Instant expiresAt) {
  public TemporaryCredentials {
    config = Map.copyOf(config);
  }

  /** Without the keys. */
  @Override
  public String toString() {
    return "credentials for " + prefix + " until " + expiresAt;
  }
}
