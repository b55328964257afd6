package dev.polder.server.client;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Which server, database and tenant a client means. Immutable.
 *
 * @param database null for the principal's own default
 * @param tenant null for the principal's own
 */
public record Target(URI url, @Nullable String database, @Nullable String tenant) {

  /** The same server and tenant, another database. */
  public Target withDatabase(String name) {
    return new Target(url, name, tenant);
  }
}
