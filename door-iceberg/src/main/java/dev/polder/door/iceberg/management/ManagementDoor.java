package dev.polder.door.iceberg.management;

import dev.polder.door.iceberg.internal.IcebergFailures;
import dev.polder.engine.management.ManagementService;
import dev.polder.http.Failure;
import dev.polder.http.FailureFormat;
import dev.polder.http.Route;
import dev.polder.http.RouteGroup;
import dev.polder.model.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Polaris' management API below {@code /api/management/v1}: its 33 operations on principals,
 * principal roles, catalogs, catalog roles and grants. Thread-safe.
 */
public final class ManagementDoor implements RouteGroup {
  static final String BASE = "/api/management/v1";

  private final List<Route> routes;

  public ManagementDoor(ManagementService management) {
    List<Route> all = new ArrayList<>();
    all.addAll(new PrincipalEndpoints(management).routes());
    all.addAll(new PrincipalRoleEndpoints(management).routes());
    all.addAll(new CatalogEndpoints(management).routes());
    all.addAll(new CatalogRoleEndpoints(management).routes());
    this.routes = List.copyOf(all);
  }

  @Override
  public List<Route> routes() {
    return routes;
  }

  @Override
  public boolean answersFor(String path) {
    return path.startsWith("/api/management/");
  }

  @Override
  public String listing() {
    return "GET " + BASE + "/catalogs";
  }

  @Override
  public FailureFormat failures() {
    return ManagementDoor::body;
  }

  private static byte[] body(Failure failure) {
    // A catalog is no namespace here.
    return failure.code() == ErrorCode.DATABASE_NOT_FOUND
        ? IcebergFailures.body(failure, "NotFoundException")
        : IcebergFailures.body(failure);
  }

  @Override
  public void close() {
    // Nothing is held open between two requests.
  }
}
