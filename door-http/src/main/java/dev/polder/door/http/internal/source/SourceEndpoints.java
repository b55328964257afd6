package dev.polder.door.http.internal.source;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.engine.source.SourceInput;
import dev.polder.engine.source.SourceService;
import dev.polder.engine.source.SourceService.Scope;
import dev.polder.http.Endpoint;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import dev.polder.http.Json;
import dev.polder.http.Route;
import dev.polder.model.Secret;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Sources and their secrets, of one tenant in one database by its full name. Thread-safe. */
public record SourceEndpoints(Supplier<SourceService> service) {
  public static final String ROOT = "/api/tenants/";
  private static final String SOURCES = ROOT + "{tenant}/tenant-dbs/{tenantDb}/federated-sources";
  private static final String SOURCE = SOURCES + "/{alias}";
  private static final String SECRETS = SOURCE + "/secrets";

  public List<Route> routes() {
    return List.of(
        Route.get(SOURCES, noQuery(this::list)),
        Route.post(SOURCES, noQuery(this::put)),
        Route.get(SOURCE, noQuery(this::get)),
        Route.patch(SOURCE, noQuery(this::change)),
        Route.delete(SOURCE, noQuery(this::delete)),
        Route.get(SECRETS, noQuery(this::secrets)),
        Route.put(SECRETS, noQuery(this::putSecret)),
        Route.delete(SECRETS + "/{name}", noQuery(this::deleteSecret)),
        Route.post(SOURCE + "/test", noQuery(this::test)),
        Route.get(SOURCE + "/status", noQuery(this::status)),
        Route.get(SOURCE + "/schemas", noQuery(this::schemas)),
        Route.get(SOURCE + "/tables", this::tables),
        Route.get(SOURCE + "/columns", this::columns));
  }

  private static Endpoint noQuery(Endpoint endpoint) {
    return exchange -> {
      exchange.requireQueryOf(List.of());
      endpoint.handle(exchange);
    };
  }

  private static Scope scope(Exchange exchange) {
    return new Scope(
        exchange.identity(), exchange.pathParameter("tenant"), exchange.pathParameter("tenantDb"));
  }

  private static String alias(Exchange exchange) {
    return exchange.pathParameter("alias");
  }

  private void list(Exchange exchange) throws IOException {
    exchange.reply(
        200, SourceJson.list("sources", service.get().list(scope(exchange)), SourceJson::source));
  }

  private void get(Exchange exchange) throws IOException {
    exchange.reply(200, SourceJson.source(service.get().get(scope(exchange), alias(exchange))));
  }

  private void put(Exchange exchange) throws IOException {
    Fields fields = exchange.fields();
    String alias = fields.string("alias");
    // What is answered for a source may be sent back as it is.
    fields.ignore("id", "tenantDbId", "revision", "createdAt", "updatedAt");
    SourceInput input = input(fields, false);
    fields.requireNoOthers();
    exchange.reply(200, SourceJson.source(service.get().put(scope(exchange), alias, input)));
  }

  private void change(Exchange exchange) throws IOException {
    ObjectNode body = Json.object(exchange.jsonBody());
    Fields fields = new Fields(body);
    boolean clear = body.has("description") && body.get("description").isNull();
    SourceInput input = input(fields, clear);
    fields.requireNoOthers();
    exchange.reply(
        200, SourceJson.source(service.get().change(scope(exchange), alias(exchange), input)));
  }

  private static SourceInput input(Fields fields, boolean clearDescription) {
    Optional<String> connector = fields.optionalString("connector");
    Optional<Map<String, String>> properties = fields.texts("properties");
    return new SourceInput(
        fields.optionalString("description"),
        clearDescription,
        fields.optionalString("setupSql"),
        connector,
        properties,
        fields.flag("readOnly"),
        fields.flag("disabled"),
        fields.flag("allowInlineSecrets"),
        fields.optionalString("onStartFailure"),
        fields.optionalString("extensionDirectory"));
  }

  private void delete(Exchange exchange) throws IOException {
    service.get().delete(scope(exchange), alias(exchange));
    done(exchange);
  }

  private void secrets(Exchange exchange) throws IOException {
    exchange.reply(
        200,
        SourceJson.list(
            "secrets",
            service.get().secrets(scope(exchange), alias(exchange)),
            SourceJson::secret));
  }

  private void putSecret(Exchange exchange) throws IOException {
    Fields fields = exchange.fields();
    String name = fields.string("name");
    Optional<Secret> value = fields.optionalString("value").map(Secret::of);
    Optional<String> reference = fields.optionalString("externalRef");
    fields.requireNoOthers();
    exchange.reply(
        200,
        SourceJson.secret(
            service.get().putSecret(scope(exchange), alias(exchange), name, value, reference)));
  }

  private void deleteSecret(Exchange exchange) throws IOException {
    service.get().deleteSecret(scope(exchange), alias(exchange), exchange.pathParameter("name"));
    done(exchange);
  }

  private void test(Exchange exchange) throws IOException {
    exchange.reply(200, SourceJson.trial(service.get().test(scope(exchange), alias(exchange))));
  }

  private void status(Exchange exchange) throws IOException {
    exchange.reply(
        200,
        SourceJson.list(
            "instances",
            service.get().status(scope(exchange), alias(exchange)),
            SourceJson::attachment));
  }

  private void schemas(Exchange exchange) throws IOException {
    ObjectNode body = Json.MAPPER.createObjectNode();
    ArrayNode schemas = body.putArray("schemas");
    service.get().schemas(scope(exchange), alias(exchange)).forEach(schemas::add);
    exchange.reply(200, body);
  }

  private void tables(Exchange exchange) throws IOException {
    exchange.requireQueryOf(List.of("schema"));
    exchange.reply(
        200,
        SourceJson.list(
            "tables",
            service.get().tables(scope(exchange), alias(exchange), query(exchange, "schema")),
            SourceJson::table));
  }

  private void columns(Exchange exchange) throws IOException {
    exchange.requireQueryOf(List.of("schema", "table"));
    exchange.reply(
        200,
        SourceJson.list(
            "columns",
            service
                .get()
                .columns(
                    scope(exchange),
                    alias(exchange),
                    query(exchange, "schema"),
                    query(exchange, "table")),
            SourceJson::column));
  }

  private static String query(Exchange exchange, String name) {
    return exchange
        .query(name)
        .orElseThrow(() -> Fields.bad("query parameter '" + name + "' is missing"));
  }

  private static void done(Exchange exchange) throws IOException {
    exchange.reply(200, "application/json", new byte[0]);
  }
}
