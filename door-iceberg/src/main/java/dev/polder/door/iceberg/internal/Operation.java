package dev.polder.door.iceberg.internal;

import dev.polder.http.Access;
import dev.polder.http.Endpoint;
import dev.polder.http.Route;

/**
 * One operation of the specification. Immutable.
 *
 * @param changes whether a key of the client's makes it happen once
 * @param path as the specification spells it, with parameters in braces
 */
public record Operation(String method, String path, Endpoint endpoint, boolean changes) {
  public Operation(String method, String path, Endpoint endpoint) {
    this(method, path, endpoint, false);
  }

  /** One that changes something, once for each key that its client gives it. */
  static Operation changing(String method, String path, Endpoint endpoint) {
    return new Operation(method, path, endpoint, true);
  }

  Operation with(Endpoint other) {
    return new Operation(method, path, other, changes);
  }

  /** As {@code /v1/config} lists it. */
  String listed() {
    return method + " " + path;
  }

  /** The route under a base path. */
  public Route below(String base) {
    // What changes something may be answered from what was kept of it: that needs a login of now.
    boolean reads = method.equals("GET") || method.equals("HEAD");
    Access access = reads ? Access.AUTHENTICATED_WITH_WORK : Access.AUTHENTICATED;
    return new Route(method, base + path, access, endpoint);
  }
}
