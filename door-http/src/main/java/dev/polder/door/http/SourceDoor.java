package dev.polder.door.http;

import dev.polder.door.http.internal.source.SourceEndpoints;
import dev.polder.door.http.internal.source.SourceFailures;
import dev.polder.engine.source.SourceService;
import dev.polder.http.FailureFormat;
import dev.polder.http.Route;
import dev.polder.http.RouteGroup;
import java.util.List;
import java.util.function.Supplier;

/** Sources over HTTP, with failures of a form of their own. Thread-safe. */
public final class SourceDoor implements RouteGroup {
  private final SourceEndpoints endpoints;

  /**
   * @param service asked for with each request
   */
  public SourceDoor(Supplier<SourceService> service) {
    this.endpoints = new SourceEndpoints(service);
  }

  @Override
  public List<Route> routes() {
    return endpoints.routes();
  }

  @Override
  public boolean answersFor(String path) {
    return path.startsWith(SourceEndpoints.ROOT);
  }

  @Override
  public String listing() {
    return "GET /api/openapi.json";
  }

  @Override
  public FailureFormat failures() {
    return SourceFailures::body;
  }

  @Override
  public void close() {}
}
