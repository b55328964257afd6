package dev.polder.door.iceberg.management;

import dev.polder.engine.management.ManagementService;
import dev.polder.http.Exchange;
import dev.polder.http.Route;
import dev.polder.model.RoleName;
import java.io.IOException;
import java.util.List;

/** Principal roles, who has them, and the catalog roles given to them. Stateless. */
record PrincipalRoleEndpoints(ManagementService management) {
  private static final String ALL = ManagementDoor.BASE + "/principal-roles";
  private static final String ONE = ALL + "/{principalRole}";
  private static final String HELD = ONE + "/catalog-roles/{catalog}";

  List<Route> routes() {
    return List.of(
        Route.get(ALL, this::list),
        Route.post(ALL, this::create),
        Route.get(ONE, this::get),
        Route.put(ONE, this::update),
        Route.delete(ONE, this::delete),
        Route.get(ONE + "/principals", this::principals),
        Route.get(HELD, this::catalogRoles),
        Route.put(HELD, this::assign),
        Route.delete(HELD + "/{catalogRole}", this::revoke));
  }

  private void list(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    request.principalRoles(request.realm().principalRoles().list());
  }

  private void create(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    Request.NewRole role = Request.NewRole.of(request.only("principalRole"));
    request.reply(
        201,
        Request.role(
            request.realm().principalRoles().create(new RoleName(role.name()), role.properties())));
  }

  private void get(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    request.reply(200, Request.role(request.realm().principalRoles().get(request.principalRole())));
  }

  private void update(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    Request.Update update = request.update();
    request.reply(
        200,
        Request.role(
            request
                .realm()
                .principalRoles()
                .update(request.principalRole(), update.properties(), update.version())));
  }

  private void delete(Exchange exchange) {
    Request request = new Request(exchange, management);
    request.realm().principalRoles().delete(request.principalRole());
    request.done(204);
  }

  private void principals(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    request.principals(request.realm().principalRoles().principals(request.principalRole()));
  }

  private void catalogRoles(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    request.catalogRoles(
        request.realm().principalRoles().catalogRoles(request.principalRole(), request.catalog()));
  }

  private void assign(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    RoleName role = new RoleName(Request.NewRole.of(request.only("catalogRole")).name());
    request.realm().principalRoles().assign(request.principalRole(), request.catalog(), role);
    request.done(201);
  }

  private void revoke(Exchange exchange) {
    Request request = new Request(exchange, management);
    request
        .realm()
        .principalRoles()
        .revoke(request.principalRole(), request.catalog(), request.catalogRole());
    request.done(204);
  }
}
