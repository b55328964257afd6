package dev.polder.door.iceberg;

import dev.polder.door.iceberg.internal.ConfigEndpoint;
import dev.polder.door.iceberg.internal.EngineReports;
import dev.polder.door.iceberg.internal.FileEndpoints;
import dev.polder.door.iceberg.internal.GenericTableEndpoints;
import dev.polder.door.iceberg.internal.IcebergFailures;
import dev.polder.door.iceberg.internal.Idempotency;
import dev.polder.door.iceberg.internal.NamespaceEndpoints;
import dev.polder.door.iceberg.internal.Operation;
import dev.polder.door.iceberg.internal.ScanEndpoints;
import dev.polder.door.iceberg.internal.TableEndpoints;
import dev.polder.door.iceberg.internal.TaskEndpoints;
import dev.polder.door.iceberg.internal.TokenEndpoints;
import dev.polder.door.iceberg.internal.ViewEndpoints;
import dev.polder.engine.catalog.CatalogService;
import dev.polder.http.FailureFormat;
import dev.polder.http.Route;
import dev.polder.http.RouteGroup;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;

/**
 * The Iceberg REST specification over databases, below {@code /api/catalog} and, the same once
 * more, at the root. Thread-safe.
 *
 * @see <a href="https://iceberg.apache.org/rest-catalog-spec/">the specification</a>
 */
public final class IcebergDoor implements RouteGroup {
  private static final List<String> BASES = List.of("/api/catalog", "");

  private final List<Route> routes;

  /**
   * A door.
   *
   * @param meters what engines report of their work is added up there
   */
  public IcebergDoor(CatalogService catalogs, TokenService tokens, MeterRegistry meters) {
    List<Operation> operations = new ArrayList<>();
    operations.addAll(new NamespaceEndpoints(catalogs).operations());
    operations.addAll(new TableEndpoints(catalogs, new EngineReports(meters)).operations());
    operations.addAll(new FileEndpoints(catalogs).operations());
    operations.addAll(new ScanEndpoints(catalogs).operations());
    operations.addAll(new ViewEndpoints(catalogs).operations());
    operations.addAll(new GenericTableEndpoints(catalogs).operations());
    operations.addAll(new TaskEndpoints(catalogs).operations());
    Idempotency idempotency = new Idempotency(catalogs);
    operations.replaceAll(idempotency::once);
    operations.add(new ConfigEndpoint(catalogs, operations).operation());
    TokenEndpoints oauth = new TokenEndpoints(tokens);
    List<Route> all = new ArrayList<>();
    for (String base : BASES) {
      all.addAll(oauth.routes(base + "/v1/oauth"));
      operations.forEach(operation -> all.add(operation.below(base)));
    }
    this.routes = List.copyOf(all);
  }

  @Override
  public List<Route> routes() {
    return routes;
  }

  @Override
  public boolean answersFor(String path) {
    return path.startsWith("/api/catalog/")
        || path.startsWith("/v1/")
        || path.startsWith("/polaris/v1/");
  }

  @Override
  public String listing() {
    return "GET /v1/config";
  }

  @Override
  public FailureFormat failures() {
    return IcebergFailures::body;
  }

  @Override
  public void close() {
    // Nothing is held open between two requests.
  }
}
