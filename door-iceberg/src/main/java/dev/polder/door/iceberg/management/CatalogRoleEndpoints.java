package dev.polder.door.iceberg.management;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.engine.management.CatalogPrivilege;
import dev.polder.engine.management.GrantResource;
import dev.polder.engine.management.GrantResource.Kind;
import dev.polder.engine.management.ManagementService;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import dev.polder.http.Json;
import dev.polder.http.Route;
import dev.polder.model.RoleName;
import dev.polder.model.RoleRef;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Catalogs' roles and their grants. Stateless. */
record CatalogRoleEndpoints(ManagementService management) {
  private static final String ALL = ManagementDoor.BASE + "/catalogs/{catalog}/catalog-roles";
  private static final String ONE = ALL + "/{catalogRole}";
  private static final String GRANTS = ONE + "/grants";

  List<Route> routes() {
    return List.of(
        Route.get(ALL, this::list),
        Route.post(ALL, this::create),
        Route.get(ONE, this::get),
        Route.put(ONE, this::update),
        Route.delete(ONE, this::delete),
        Route.get(ONE + "/principal-roles", this::principalRoles),
        Route.get(GRANTS, this::grants),
        Route.put(GRANTS, this::addGrant),
        Route.post(GRANTS, this::revokeGrant));
  }

  private void list(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    request.catalogRoles(request.realm().catalogRoles().list(request.catalog()));
  }

  private void create(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    Request.NewRole role = Request.NewRole.of(request.only("catalogRole"));
    RoleRef ref = RoleRef.in(request.catalog(), new RoleName(role.name()));
    request.reply(201, Request.json(request.realm().catalogRoles().create(ref, role.properties())));
  }

  private void get(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    request.reply(200, Request.json(request.realm().catalogRoles().get(request.roleOfCatalog())));
  }

  private void update(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    Request.Update update = request.update();
    request.reply(
        200,
        Request.json(
            request
                .realm()
                .catalogRoles()
                .update(request.roleOfCatalog(), update.properties(), update.version())));
  }

  private void delete(Exchange exchange) {
    Request request = new Request(exchange, management);
    request.realm().catalogRoles().delete(request.roleOfCatalog());
    request.done(204);
  }

  private void principalRoles(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    request.principalRoles(request.realm().catalogRoles().principalRoles(request.roleOfCatalog()));
  }

  private void grants(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    ObjectNode body = Json.MAPPER.createObjectNode();
    ArrayNode all = body.putArray("grants");
    request.realm().grants().list(request.roleOfCatalog()).forEach(grant -> all.add(json(grant)));
    request.reply(200, body);
  }

  private void addGrant(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    request.realm().grants().add(request.roleOfCatalog(), grant(request.only("grant")));
    request.done(201);
  }

  private void revokeGrant(Exchange exchange) throws IOException {
    Request request = new Request(exchange, management);
    boolean cascade =
        switch (exchange.query("cascade").orElse("false").toLowerCase(Locale.ROOT)) {
          case "true" -> true;
          case "false" -> false;
          default -> throw Fields.bad("'cascade' must be true or false");
        };
    request.realm().grants().revoke(request.roleOfCatalog(), grant(request.only("grant")), cascade);
    request.done(201);
  }

  private static GrantResource grant(Fields fields) {
    String type = fields.string("type");
    String privilege = fields.string("privilege");
    Kind kind =
        switch (type) {
          case "catalog" -> Kind.CATALOG;
          case "namespace" -> Kind.NAMESPACE;
          case "table" -> Kind.TABLE;
          case "view" -> Kind.VIEW;
          case "policy" ->
              throw Fields.bad("policies have no grants here; they are administered by SQL");
          default -> throw Fields.bad("'type' must be catalog, namespace, table or view");
        };
    List<String> namespace = kind == Kind.CATALOG ? List.of() : fields.strings("namespace");
    if (kind != Kind.CATALOG && namespace.isEmpty()) {
      throw Fields.bad("'namespace' is missing");
    }
    Optional<String> name =
        switch (kind) {
          case CATALOG, NAMESPACE -> Optional.empty();
          case TABLE -> Optional.of(fields.string("tableName"));
          case VIEW -> Optional.of(fields.string("viewName"));
        };
    fields.requireNoOthers();
    return new GrantResource(kind, namespace, name, CatalogPrivilege.of(privilege));
  }

  private static ObjectNode json(GrantResource grant) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("type", grant.kind().name().toLowerCase(Locale.ROOT));
    if (grant.kind() != Kind.CATALOG) {
      grant.namespace().forEach(node.putArray("namespace")::add);
    }
    grant
        .name()
        .ifPresent(name -> node.put(grant.kind() == Kind.VIEW ? "viewName" : "tableName", name));
    node.put("privilege", grant.privilege().name());
    return node;
  }
}
