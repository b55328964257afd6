package dev.polder.http;

/**
 * One method on one path. Immutable.
 *
 * @param path with parameters in braces, as in the OpenAPI document
 */
public record Route(String method, String path, Access access, Endpoint endpoint) {
  public static Route get(String path, Endpoint endpoint) {
    return new Route("GET", path, Access.AUTHENTICATED, endpoint);
  }

  public static Route post(String path, Endpoint endpoint) {
    return new Route("POST", path, Access.AUTHENTICATED, endpoint);
  }

  public static Route put(String path, Endpoint endpoint) {
    return new Route("PUT", path, Access.AUTHENTICATED, endpoint);
  }

  public static Route patch(String path, Endpoint endpoint) {
    return new Route("PATCH", path, Access.AUTHENTICATED, endpoint);
  }

  public static Route delete(String path, Endpoint endpoint) {
    return new Route("DELETE", path, Access.AUTHENTICATED, endpoint);
  }

  public Route with(Access other) {
    return new Route(method, path, other, endpoint);
  }
}
