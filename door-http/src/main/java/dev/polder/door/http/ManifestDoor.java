package dev.polder.door.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.door.http.internal.source.SourceFailures;
import dev.polder.engine.manifest.ManifestService;
import dev.polder.http.Exchange;
import dev.polder.http.FailureFormat;
import dev.polder.http.Fields;
import dev.polder.http.Route;
import dev.polder.http.RouteGroup;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** The control plane as a document over HTTP. Thread-safe. */
public final class ManifestDoor implements RouteGroup {
  private static final String ROOT = "/api/manifest/";

  private final Supplier<ManifestService> service;

  /**
   * @param service asked for with each request
   */
  public ManifestDoor(Supplier<ManifestService> service) {
    this.service = service;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(ROOT + "export", this::export), Route.post(ROOT + "import", this::importFrom));
  }

  private void export(Exchange exchange) throws IOException {
    exchange.requireQueryOf(List.of("passwordHashes"));
    ObjectNode manifest =
        service.get().export(exchange.identity(), flag(exchange, "passwordHashes"));
    if (exchange.header("Accept").filter("application/json"::equals).isPresent()) {
      exchange.reply(200, manifest);
    } else {
      exchange.reply(200, "application/yaml", ManifestText.write(manifest));
    }
  }

  private void importFrom(Exchange exchange) throws IOException {
    exchange.requireQueryOf(List.of("prune", "dryRun"));
    boolean prune = flag(exchange, "prune");
    boolean dryRun = flag(exchange, "dryRun");
    exchange.reply(
        200,
        service
            .get()
            .importFrom(exchange.identity(), ManifestText.read(exchange.body()), prune, dryRun));
  }

  private static boolean flag(Exchange exchange, String name) {
    return switch (exchange.query(name).orElse("false")) {
      case "true" -> true;
      case "false" -> false;
      default -> throw Fields.bad("'" + name + "' must be true or false");
    };
  }

  @Override
  public boolean answersFor(String path) {
    return path.startsWith(ROOT);
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
