package dev.polder.door.iceberg.management;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.engine.management.ManagementService;
import dev.polder.engine.management.PrincipalEntry;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import dev.polder.http.Json;
import dev.polder.http.Route;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleName;
import java.io.IOException;
import java.util.List;

/** Principals, their credentials and the roles given to them. Stateless. */
record PrincipalEndpoints(ManagementService management) {
  private static final String ALL = ManagementDoor.BASE + "/principals";
  private static final String ONE = ALL + "/{principal}";
  private static final String ROLES = ONE + "/principal-roles";

  List<Route> routes() {
    return List.of(
        Route.get(ALL, this::list),
        Route.post(ALL, this::create),
        Route.get(ONE, this::get),
        Route.put(ONE, this::update),
        Route.delete(ONE, this::delete),
        Route.post(ONE + "/rotate", this::rotate),
        Route.post(ONE + "/reset", this::reset),
        Route.get(ROLES, this::roles),
        Route.put(ROLES, this::assign),
        Route.delete(ROLES + "/{principalRole}", this::revoke));
  }

  private void list(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    request.principals(request.realm().principals().list());
  }

  private void create(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    Fields fields = exchange.fields();
    Request.NewRole principal = Request.NewRole.of(fields.object("principal"));
    boolean rotation = fields.flag("credentialRotationRequired").orElse(false);
    fields.requireNoOthers();
    request.reply(
        201,
        json(
            request
                .realm()
                .principals()
                .create(new PrincipalName(principal.name()), principal.properties(), rotation)));
  }

  private void get(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    request.reply(200, Request.json(request.realm().principals().get(request.principal())));
  }

  private void update(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    Request.Update update = request.update();
    request.reply(
        200,
        Request.json(
            request
                .realm()
                .principals()
                .update(request.principal(), update.properties(), update.version())));
  }

  private void delete(Exchange exchange) {
    Request request = new Request(exchange, management);
    request.realm().principals().delete(request.principal());
    request.done(204);
  }

  private void rotate(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    exchange.fields().requireNoOthers();
    request.reply(200, json(request.realm().principals().rotate(request.principal())));
  }

  private void reset(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    Fields fields = exchange.fields();
    if (fields.optionalString("clientId").isPresent()
        || fields.optionalString("clientSecret").isPresent()) {
      throw Fields.bad("the server makes credentials itself: leave clientId and clientSecret out");
    }
    fields.requireNoOthers();
    request.reply(200, json(request.realm().principals().reset(request.principal())));
  }

  private void roles(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    request.principalRoles(request.realm().principals().roles(request.principal()));
  }

  private void assign(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    RoleName role = new RoleName(Request.NewRole.of(request.only("principalRole")).name());
    request.realm().principals().assign(request.principal(), role);
    request.done(201);
  }

  private void revoke(Exchange exchange) {
    Request request = new Request(exchange, management);
    request.realm().principals().revoke(request.principal(), request.principalRole());
    request.done(204);
  }

  private static ObjectNode json(PrincipalEntry.WithCredentials made) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.set("principal", Request.json(made.principal()));
    ObjectNode credentials = body.putObject("credentials");
    credentials.put("clientId", made.credentials().clientId());
    credentials.put("clientSecret", made.credentials().clientSecret().reveal());
    return body;
  }
}
