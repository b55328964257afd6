package dev.polder.door.iceberg.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.engine.catalog.CatalogService;
import dev.polder.engine.catalog.GovernedCatalog;
import dev.polder.http.Exchange;
import dev.polder.http.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What a client learns first: the prefix of its warehouse and what is served. Immutable. */
public record ConfigEndpoint(CatalogService catalogs, List<Operation> operations) {
  public ConfigEndpoint {
    operations = List.copyOf(operations);
  }

  public Operation operation() {
    return new Operation("GET", "/v1/config", this::config);
  }

  private void config(Exchange exchange) throws IOException {
    GovernedCatalog catalog =
        catalogs.open(
            exchange.identity(),
            Optional.of(Call.warehouse(exchange, exchange.query("warehouse").orElse(""))));
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.putObject("defaults");
    body.putObject("overrides").put("prefix", catalog.prefix());
    body.put("idempotency-key-lifetime", catalogs.keyLifetime().toString());
    ArrayNode endpoints = body.putArray("endpoints");
    operations.forEach(operation -> endpoints.add(operation.listed()));
    exchange.reply(200, body);
  }
}
