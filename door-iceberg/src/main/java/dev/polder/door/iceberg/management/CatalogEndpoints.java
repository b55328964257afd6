package dev.polder.door.iceberg.management;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.engine.management.CatalogEntry;
import dev.polder.engine.management.Catalogs;
import dev.polder.engine.management.ManagementService;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import dev.polder.http.Json;
import dev.polder.http.Route;
import dev.polder.model.DatabaseName;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Catalogs. Stateless. */
record CatalogEndpoints(ManagementService management) {
  private static final String ALL = ManagementDoor.BASE + "/catalogs";
  private static final String ONE = ALL + "/{catalog}";

  List<Route> routes() {
    return List.of(
        Route.get(ALL, this::list),
        Route.post(ALL, this::create),
        Route.get(ONE, this::get),
        Route.put(ONE, this::update),
        Route.delete(ONE, this::delete));
  }

  private void list(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    ObjectNode body = Json.MAPPER.createObjectNode();
    ArrayNode all = body.putArray("catalogs");
    request.realm().catalogs().list().forEach(catalog -> all.add(json(catalog)));
    request.reply(200, body);
  }

  private void create(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    Fields catalog = request.only("catalog");
    String type = catalog.optionalString("type").orElse("INTERNAL");
    if (type.equals("EXTERNAL")) {
      throw Fields.bad(
          "EXTERNAL catalogs are not supported: this server keeps all tables' files itself");
    }
    if (!type.equals("INTERNAL")) {
      throw Fields.bad("'type' must be INTERNAL");
    }
    String name = catalog.string("name");
    if (!name.equals(name.toLowerCase(Locale.ROOT))) {
      throw Fields.bad("the name of a catalog is in lower case here: it is the database's");
    }
    Map<String, String> properties = catalog.texts("properties").orElse(Map.of());
    Catalogs.Storage storage = storage(catalog);
    catalog.ignore("createTimestamp", "lastUpdateTimestamp", "entityVersion").requireNoOthers();
    request.reply(
        201, json(request.realm().catalogs().create(new DatabaseName(name), properties, storage)));
  }

  private void get(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    request.reply(200, json(request.realm().catalogs().get(request.catalog())));
  }

  private void update(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    Fields fields = exchange.fields();
    long version = Request.version(fields);
    Optional<Map<String, String>> properties = fields.texts("properties");
    Catalogs.Storage storage = storage(fields);
    fields.requireNoOthers();
    request.reply(
        200,
        json(request.realm().catalogs().update(request.catalog(), properties, storage, version)));
  }

  private void delete(Exchange exchange) {
    Request request = new Request(exchange, management);
    request.realm().catalogs().delete(request.catalog());
    request.done(204);
  }

  /** What else there may be, such as roles and keys of a store, has no place here. */
  private static Catalogs.Storage storage(Fields fields) {
    Optional<Fields> asked = fields.optionalObject("storageConfigInfo");
    if (asked.isEmpty()) {
      return new Catalogs.Storage(Optional.empty(), List.of());
    }
    Fields storage = asked.get();
    Catalogs.Storage found =
        new Catalogs.Storage(
            Optional.of(storage.string("storageType")), storage.strings("allowedLocations"));
    storage.requireNoOthers();
    return found;
  }

  private static ObjectNode json(CatalogEntry catalog) {
    ObjectNode node = Request.json(catalog.described());
    node.put("type", "INTERNAL");
    ((ObjectNode) node.get("properties")).put(Catalogs.LOCATION, catalog.location());
    ObjectNode storage = node.putObject("storageConfigInfo");
    storage.put("storageType", catalog.storageType());
    storage.putArray("allowedLocations").add(catalog.location());
    return node;
  }
}
