package dev.polder.door.iceberg.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.engine.catalog.CatalogService;
import dev.polder.engine.catalog.GovernedCatalog.PropertyChanges;
import dev.polder.engine.catalog.NamePage;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import dev.polder.http.Json;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.rest.requests.CreateNamespaceRequest;
import org.apache.iceberg.rest.requests.UpdateNamespacePropertiesRequest;
import org.apache.iceberg.rest.responses.CreateNamespaceResponse;
import org.apache.iceberg.rest.responses.GetNamespaceResponse;

/** Namespaces. Stateless. */
public record NamespaceEndpoints(CatalogService catalogs) {
  private static final String ALL = "/v1/{prefix}/namespaces";
  private static final String ONE = ALL + "/{namespace}";

  public List<Operation> operations() {
    return List.of(
        new Operation("GET", ALL, this::list),
        Operation.changing("POST", ALL, this::create),
        new Operation("GET", ONE, this::load),
        new Operation("HEAD", ONE, this::exists),
        Operation.changing("DELETE", ONE, this::drop),
        Operation.changing("POST", ONE + "/properties", this::update));
  }

  private void list(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    Namespace parent =
        exchange
            .query("parent")
            .filter(text -> !text.isEmpty())
            .map(Call::namespace)
            .orElse(Namespace.empty());
    NamePage<Namespace> page = call.catalog().namespaces(parent, call.after(), call.pageSize());
    ObjectNode body = Json.MAPPER.createObjectNode();
    page.next().ifPresent(key -> body.put("next-page-token", Call.token(key)));
    ArrayNode names = body.putArray("namespaces");
    for (Namespace name : page.names()) {
      ArrayNode levels = names.addArray();
      Call.levels(name).forEach(levels::add);
    }
    call.reply(body);
  }

  private void create(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    CreateNamespaceRequest request = call.body(CreateNamespaceRequest.class);
    call.catalog()
        .createNamespace(request.namespace(), IcebergJson.properties(request.properties()));
    call.reply(
        CreateNamespaceResponse.builder()
            .withNamespace(request.namespace())
            .setProperties(request.properties())
            .build());
  }

  private void load(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    Namespace name = call.namespace();
    call.reply(
        GetNamespaceResponse.builder()
            .withNamespace(name)
            .setProperties(new HashMap<>(call.catalog().namespace(name)))
            .build());
  }

  private void exists(Exchange exchange) {
    Call call = new Call(exchange, catalogs);
    call.catalog().namespace(call.namespace());
    call.noContent();
  }

  private void drop(Exchange exchange) {
    Call call = new Call(exchange, catalogs);
    call.catalog().dropNamespace(call.namespace());
    call.noContent();
  }

  private void update(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    UpdateNamespacePropertiesRequest request = call.body(UpdateNamespacePropertiesRequest.class);
    if (request.removals().contains(null)) {
      throw Fields.bad("'removals' must name properties");
    }
    PropertyChanges changes =
        call.catalog()
            .updateNamespace(
                call.namespace(),
                new HashSet<>(request.removals()),
                IcebergJson.properties(request.updates()));
    ObjectNode body = Json.MAPPER.createObjectNode();
    changes.updated().forEach(body.putArray("updated")::add);
    changes.removed().forEach(body.putArray("removed")::add);
    changes.missing().forEach(body.putArray("missing")::add);
    call.reply(body);
  }
}
