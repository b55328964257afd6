package dev.polder.door.iceberg.internal;

import dev.polder.engine.catalog.CatalogService;
import dev.polder.engine.catalog.TableUpdate;
import dev.polder.http.Exchange;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.requests.CreateViewRequest;
import org.apache.iceberg.rest.requests.RegisterViewRequest;
import org.apache.iceberg.rest.requests.RenameTableRequest;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.rest.responses.ImmutableLoadViewResponse;
import org.apache.iceberg.view.ViewMetadata;

/** Views: create, load, replace, drop, rename, register. Stateless. */
public record ViewEndpoints(CatalogService catalogs) {
  private static final String IN = "/v1/{prefix}/namespaces/{namespace}";
  private static final String ALL = IN + "/views";
  private static final String ONE = ALL + "/{view}";

  public List<Operation> operations() {
    return List.of(
        new Operation("GET", ALL, this::list),
        Operation.changing("POST", ALL, this::create),
        new Operation("GET", ONE, this::load),
        new Operation("HEAD", ONE, this::exists),
        Operation.changing("POST", ONE, this::commit),
        Operation.changing("DELETE", ONE, this::drop),
        Operation.changing("POST", IN + "/register-view", this::register),
        Operation.changing("POST", "/v1/{prefix}/views/rename", this::rename));
  }

  private void list(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    call.reply(
        NameLists.identifiers(
            call.catalog().views(call.namespace(), call.after(), call.pageSize())));
  }

  private void create(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    CreateViewRequest request = call.body(CreateViewRequest.class);
    reply(
        call,
        call.catalog()
            .createView(
                call.named(request.name()),
                Optional.ofNullable(request.location()),
                request.schema(),
                request.viewVersion(),
                request.properties()));
  }

  private void load(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    reply(call, call.catalog().view(call.view()));
  }

  private static void reply(Call call, ViewMetadata metadata) throws IOException {
    call.reply(
        ImmutableLoadViewResponse.builder()
            .metadata(metadata)
            .metadataLocation(metadata.metadataFileLocation())
            .build());
  }

  private void exists(Exchange exchange) {
    Call call = new Call(exchange, catalogs);
    call.catalog().requireView(call.view());
    call.noContent();
  }

  private void commit(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    UpdateTableRequest request = call.body(UpdateTableRequest.class);
    TableUpdate update = new TableUpdate(call.view(), request.requirements(), request.updates());
    reply(call, Commits.known(() -> call.catalog().commitView(update)));
  }

  private void drop(Exchange exchange) {
    Call call = new Call(exchange, catalogs);
    call.catalog().dropView(call.view());
    call.noContent();
  }

  private void rename(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    RenameTableRequest request = call.body(RenameTableRequest.class);
    call.catalog().renameView(request.source(), request.destination());
    call.noContent();
  }

  private void register(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    RegisterViewRequest request = call.body(RegisterViewRequest.class);
    TableIdentifier name = call.named(request.name());
    reply(
        call,
        call.catalog().registerView(name.namespace(), name.name(), request.metadataLocation()));
  }
}
