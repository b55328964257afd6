package dev.polder.door.iceberg.management;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.engine.management.Described;
import dev.polder.engine.management.ManagementService;
import dev.polder.engine.management.PrincipalEntry;
import dev.polder.engine.management.Realm;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import dev.polder.http.Json;
import dev.polder.model.DatabaseName;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleName;
import dev.polder.model.RoleRef;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** One request: its realm, the names in its path, its body and what is answered. For one thread. */
final class Request {
  private static final String[] READ_ONLY = {
    "createTimestamp", "lastUpdateTimestamp", "entityVersion", "clientId"
  };

  private final Exchange exchange;
  private final Realm realm;

  Request(Exchange exchange, ManagementService management) {
    this.exchange = exchange;
    this.realm = management.open(exchange.identity(), exchange.header("Polaris-Realm"));
  }

  Realm realm() {
    return realm;
  }

  Exchange exchange() {
    return exchange;
  }

  PrincipalName principal() {
    return new PrincipalName(exchange.pathParameter("principal"));
  }

  RoleName principalRole() {
    return new RoleName(exchange.pathParameter("principalRole"));
  }

  DatabaseName catalog() {
    return new DatabaseName(exchange.pathParameter("catalog"));
  }

  RoleName catalogRole() {
    return new RoleName(exchange.pathParameter("catalogRole"));
  }

  RoleRef roleOfCatalog() {
    return RoleRef.in(catalog(), catalogRole());
  }

  /** An update's version and properties. */
  record Update(long version, Map<String, String> properties) {}

  Update update() throws IOException {
    Fields fields = exchange.fields();
    long version = version(fields);
    Map<String, String> properties =
        fields.texts("properties").orElseThrow(() -> Fields.bad("'properties' is missing"));
    fields.requireNoOthers();
    return new Update(version, properties);
  }

  static long version(Fields fields) {
    return fields
        .optionalNumber("currentEntityVersion")
        .orElseThrow(() -> Fields.bad("'currentEntityVersion' is missing"));
  }

  /** A body with one object in it and nothing else. */
  Fields only(String name) throws IOException {
    Fields fields = exchange.fields();
    Fields inner = fields.object(name);
    fields.requireNoOthers();
    return inner;
  }

  /** A role's name and properties; what the server says of it is no harm. */
  record NewRole(String name, Map<String, String> properties) {
    static NewRole of(Fields fields) {
      String name = fields.string("name");
      Map<String, String> properties = fields.texts("properties").orElse(Map.of());
      if (fields.flag("federated").orElse(false)) {
        throw Fields.bad("federated roles are those of identity providers; they are not made here");
      }
      fields.ignore(READ_ONLY).requireNoOthers();
      return new NewRole(name, properties);
    }
  }

  static ObjectNode json(Described described) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("name", described.name());
    ObjectNode properties = node.putObject("properties");
    described.properties().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(property -> properties.put(property.getKey(), property.getValue()));
    node.put("createTimestamp", described.createdAt() / 1000);
    node.put("lastUpdateTimestamp", described.updatedAt() / 1000);
    node.put("entityVersion", described.version());
    return node;
  }

  static ObjectNode role(Described described) {
    ObjectNode node = json(described);
    node.put("federated", false);
    return node;
  }

  static ObjectNode json(PrincipalEntry principal) {
    ObjectNode node = json(principal.described());
    principal.clientId().ifPresent(id -> node.put("clientId", id));
    return node;
  }

  void principalRoles(List<Described> roles) throws IOException {
    ObjectNode body = Json.MAPPER.createObjectNode();
    ArrayNode all = body.putArray("roles");
    roles.forEach(role -> all.add(role(role)));
    reply(200, body);
  }

  void catalogRoles(List<Described> roles) throws IOException {
    ObjectNode body = Json.MAPPER.createObjectNode();
    ArrayNode all = body.putArray("roles");
    roles.forEach(role -> all.add(json(role)));
    reply(200, body);
  }

  void principals(List<PrincipalEntry> principals) throws IOException {
    ObjectNode body = Json.MAPPER.createObjectNode();
    ArrayNode all = body.putArray("principals");
    principals.forEach(principal -> all.add(json(principal)));
    reply(200, body);
  }

  void reply(int status, ObjectNode body) throws IOException {
    exchange.reply(status, body);
  }

  void done(int status) {
    exchange.response().setStatus(status);
  }
}
