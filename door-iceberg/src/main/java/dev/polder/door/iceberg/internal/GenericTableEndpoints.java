package dev.polder.door.iceberg.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.engine.catalog.CatalogService;
import dev.polder.engine.catalog.GenericTable;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import dev.polder.http.Json;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.catalog.TableIdentifier;

/** Tables of other formats, as Polaris' specification has them. Stateless. */
public record GenericTableEndpoints(CatalogService catalogs) {
  private static final String ALL = "/polaris/v1/{prefix}/namespaces/{namespace}/generic-tables";
  private static final String ONE = ALL + "/{generic-table}";
  private static final String DELEGATION = "Polaris-Generic-Table-Access-Delegation";

  public List<Operation> operations() {
    return List.of(
        new Operation("GET", ALL, this::list),
        Operation.changing("POST", ALL, this::create),
        new Operation("GET", ONE, this::load),
        Operation.changing("DELETE", ONE, this::drop));
  }

  private void list(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    call.reply(
        NameLists.identifiers(
            call.catalog().genericTables(call.namespace(), call.after(), call.pageSize())));
  }

  private void create(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    requireNoDelegation(exchange);
    Fields fields = exchange.fields();
    GenericTable table =
        new GenericTable(
            TableIdentifier.of(call.namespace(), fields.string("name")),
            fields.string("format"),
            fields.optionalString("base-location"),
            fields.optionalString("doc"),
            fields.texts("properties").orElse(Map.of()));
    reply(call, call.catalog().createGenericTable(table));
  }

  private void load(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    requireNoDelegation(exchange);
    reply(call, call.catalog().genericTable(call.genericTable()));
  }

  private void drop(Exchange exchange) {
    Call call = new Call(exchange, catalogs);
    call.catalog().dropGenericTable(call.genericTable());
    call.noContent();
  }

  /** Whoever asks for credentials must get them or be refused. */
  private static void requireNoDelegation(Exchange exchange) {
    if (exchange.header(DELEGATION).isPresent()) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED,
          "the server keeps no credentials for places of generic tables; leave out " + DELEGATION);
    }
  }

  private static void reply(Call call, GenericTable table) throws IOException {
    ObjectNode body = Json.MAPPER.createObjectNode();
    ObjectNode shown = body.putObject("table");
    shown.put("name", table.name().name());
    shown.put("format", table.format());
    table.baseLocation().ifPresent(text -> shown.put("base-location", text));
    table.doc().ifPresent(text -> shown.put("doc", text));
    ObjectNode properties = shown.putObject("properties");
    table.properties().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> properties.put(entry.getKey(), entry.getValue()));
    call.reply(body);
  }
}
