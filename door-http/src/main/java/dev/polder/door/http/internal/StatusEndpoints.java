package dev.polder.door.http.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.door.http.Readiness;
import dev.polder.http.Access;
import dev.polder.http.Exchange;
import dev.polder.http.Json;
import dev.polder.http.Route;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Health, readiness, metrics and the API's own description. None of them touches the engine. */
public record StatusEndpoints(Supplier<Readiness> readiness, PrometheusMeterRegistry registry) {
  public List<Route> routes() {
    return List.of(
        Route.get("/health", StatusEndpoints::health).with(Access.PUBLIC),
        Route.get("/ready", this::ready).with(Access.PUBLIC),
        Route.get("/metrics", this::metrics).with(Access.LOCAL_OR_ADMINISTRATOR),
        Route.get("/api/openapi.json", StatusEndpoints::openApi).with(Access.PUBLIC));
  }

  private static void health(Exchange exchange) throws IOException {
    exchange.reply(200, Json.MAPPER.createObjectNode().put("status", "up"));
  }

  private void ready(Exchange exchange) throws IOException {
    Readiness now = readiness.get();
    ObjectNode body = Json.MAPPER.createObjectNode().put("ready", now.ready());
    ObjectNode checks = body.putObject("checks");
    new TreeMap<>(now.checks()).forEach(checks::put);
    exchange.reply(now.ready() ? 200 : 503, body);
  }

  private void metrics(Exchange exchange) throws IOException {
    exchange.reply(
        200,
        "text/plain; version=0.0.4; charset=utf-8",
        registry.scrape().getBytes(StandardCharsets.UTF_8));
  }

  private static void openApi(Exchange exchange) throws IOException {
    exchange.reply(200, "application/json", OpenApi.document());
  }
}
