package dev.polder.door.http.internal.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.door.http.internal.Binding;
import dev.polder.door.http.internal.Sessions;
import dev.polder.door.http.internal.Sessions.Lease;
import dev.polder.door.http.internal.result.RowObjects;
import dev.polder.engine.Result;
import dev.polder.engine.Session;
import dev.polder.engine.StatementOptions;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import dev.polder.http.Route;
import dev.polder.model.Notice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The administration API. Each call is written as the SQL statement it stands for and runs as that:
 * one path for checks and audit, whatever door it comes through. Thread-safe.
 */
public final class AdminEndpoints {
  private final Sessions sessions;

  public AdminEndpoints(Sessions sessions) {
    this.sessions = sessions;
  }

  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    change(routes, "/api/tenant/create", ObjectCalls::createTenant);
    change(routes, "/api/tenant/delete", ObjectCalls::deleteTenant);
    change(routes, "/api/database/create", DatabaseCreation::create);
    change(routes, "/api/database/delete", DatabaseCreation::delete);
    change(routes, "/api/tenant/update", ObjectCalls::updateTenant);
    change(routes, "/api/tenant/identity-provider/create", ObjectCalls::createIdentityProvider);
    change(routes, "/api/tenant/identity-provider/delete", ObjectCalls::deleteIdentityProvider);
    change(routes, "/api/tenant/move", DatabaseCalls::moveTenant);
    change(routes, "/api/database/rename", DatabaseCalls::rename);
    change(routes, "/api/database/clone", DatabaseCreation::clone);
    change(routes, "/api/database/mirror", DatabaseCreation::mirror);
    change(routes, "/api/database/promote", DatabaseCalls::promote);
    change(routes, "/api/database/detach-mirror", DatabaseCalls::detachMirror);
    change(routes, "/api/cluster/create", DatabaseCalls::createCluster);
    change(routes, "/api/cluster/update", DatabaseCalls::updateCluster);
    change(routes, "/api/cluster/delete", DatabaseCalls::deleteCluster);
    change(routes, "/api/database/materialize", DatabaseCalls::materialize);
    change(routes, "/api/database/tenant/add", DatabaseCalls::addTenant);
    change(routes, "/api/database/tenant/remove", DatabaseCalls::removeTenant);
    change(routes, "/api/database/reset", DatabaseCalls::reset);
    change(routes, "/api/database/undrop", DatabaseCalls::undrop);
    change(routes, "/api/database/backup", DatabaseCalls::backup);
    change(routes, "/api/database/restore", DatabaseCalls::restore);
    change(routes, "/api/database/update", DatabaseCalls::update);
    change(routes, "/api/database/quota/update", QuotaCalls::updateDatabase);
    change(routes, "/api/tenant/quota/update", QuotaCalls::updateTenant);
    change(routes, "/api/database/role/grant", f -> DatabaseCalls.role(true, f));
    change(routes, "/api/database/role/revoke", f -> DatabaseCalls.role(false, f));
    change(routes, "/api/session/kill", DatabaseCalls::kill);
    change(routes, "/api/user/create", ObjectCalls::createUser);
    change(routes, "/api/user/update", ObjectCalls::updateUser);
    change(routes, "/api/user/delete", ObjectCalls::deleteUser);
    change(routes, "/api/role/create", fields -> ObjectCalls.create("ROLE", fields));
    change(routes, "/api/role/delete", fields -> ObjectCalls.delete("ROLE", fields));
    change(routes, "/api/group/create", fields -> ObjectCalls.create("GROUP", fields));
    change(routes, "/api/group/delete", fields -> ObjectCalls.delete("GROUP", fields));
    change(routes, "/api/token/create", ObjectCalls::createToken);
    change(routes, "/api/token/revoke", ObjectCalls::revokeToken);
    change(routes, "/api/role/permission/grant", f -> AccessCalls.permission(true, f));
    change(routes, "/api/role/permission/revoke", f -> AccessCalls.permission(false, f));
    change(routes, "/api/role/row-policy/create", AccessCalls::createRowPolicy);
    change(
        routes,
        "/api/role/row-policy/delete",
        fields -> AccessCalls.deletePolicy("ROW FILTER", fields));
    change(routes, "/api/role/column-policy/create", AccessCalls::createColumnPolicy);
    change(
        routes,
        "/api/role/column-policy/delete",
        fields -> AccessCalls.deletePolicy("COLUMN MASK", fields));
    for (boolean add : List.of(true, false)) {
      String verb = add ? "/add" : "/remove";
      change(routes, "/api/membership/user-role" + verb, f -> AccessCalls.userRole(add, f));
      change(routes, "/api/membership/user-group" + verb, f -> AccessCalls.userGroup(add, f));
      change(routes, "/api/membership/group-role" + verb, f -> AccessCalls.groupRole(add, f));
      change(routes, "/api/membership/role-role" + verb, f -> AccessCalls.roleRole(add, f));
    }
    list(routes, "/api/tenant/list", "tenants", List.of(), exchange -> "SHOW TENANTS");
    list(
        routes,
        "/api/tenant/identity-provider/list",
        "identityProviders",
        List.of(),
        exchange -> "SHOW IDENTITY PROVIDERS");
    list(
        routes,
        "/api/database/list",
        "databases",
        List.of("tenant", "dropped"),
        DatabaseCalls::showDatabases);
    list(routes, "/api/backup/list", "backups", List.of(), e -> "SHOW BACKUPS");
    list(
        routes,
        "/api/database/lineage",
        "lineage",
        List.of("databaseName"),
        DatabaseCalls::showLineage);
    for (String what : List.of("quota", "usage")) {
      list(
          routes,
          "/api/database/" + what,
          what,
          List.of("databaseName"),
          exchange -> QuotaCalls.showDatabase(what, exchange));
      list(
          routes,
          "/api/tenant/" + what,
          what,
          List.of("tenantName", "databaseName"),
          exchange -> QuotaCalls.showTenant(what, exchange));
    }
    list(
        routes,
        "/api/database/mirror-status",
        "mirrors",
        List.of("databaseName"),
        DatabaseCalls::showMirrorStatus);
    list(routes, "/api/mirror/list", "mirrors", List.of(), e -> "SHOW MIRRORS");
    list(routes, "/api/cluster/list", "clusters", List.of(), e -> "SHOW CLUSTERS");
    list(
        routes,
        "/api/database/diff",
        "differences",
        List.of("left", "right"),
        DatabaseCalls::showDiff);
    list(
        routes,
        "/api/database/collect/dry-run",
        "databases",
        List.of("databaseName"),
        DatabaseCalls::previewCollect);
    list(
        routes,
        "/api/database/collected",
        "files",
        List.of("databaseName"),
        DatabaseCalls::showCollected);
    list(
        routes,
        "/api/session/list",
        "sessions",
        List.of("databaseName"),
        DatabaseCalls::showSessions);
    list(routes, "/api/job/list", "jobs", List.of(), e -> "SHOW JOBS");
    list(routes, "/api/user/list", "users", List.of("tenant"), e -> ofTenant(e, "SHOW USERS"));
    list(routes, "/api/role/list", "roles", List.of("tenant"), e -> ofTenant(e, "SHOW ROLES"));
    list(routes, "/api/group/list", "groups", List.of("tenant"), e -> ofTenant(e, "SHOW GROUPS"));
    list(routes, "/api/token/list", "tokens", List.of("user"), AdminEndpoints::showTokens);
    list(
        routes,
        "/api/role/permission/list",
        "grants",
        List.of("role", "user", "group", "tenant"),
        AdminEndpoints::showGrants);
    for (String kind : List.of("row", "column")) {
      list(
          routes,
          "/api/role/" + kind + "-policy/list",
          "policies",
          List.of("schema", "table", "role"),
          AdminEndpoints::showPolicies);
    }
    return routes;
  }

  private void change(List<Route> routes, String path, Function<Fields, AdminCall> call) {
    routes.add(
        Route.post(
            path,
            exchange -> {
              Fields fields = exchange.fields();
              AdminCall change = call.apply(fields);
              fields.requireNoOthers();
              exchange.reply(200, run(exchange, change));
            }));
  }

  private ObjectNode run(Exchange exchange, AdminCall call) throws IOException {
    Binding binding = Binding.of(exchange).and(call.tenant(), call.database());
    ObjectNode reply = call.reply();
    List<Notice> notices = new ArrayList<>();
    try (Lease lease = sessions.lease(exchange, binding)) {
      for (String statement : call.statements()) {
        try (Result result = execute(lease.session(), statement)) {
          if (call.answersRow() && result instanceof Result.Rows rows) {
            RowObjects objects = new RowObjects(rows.columns(), rows.root());
            while (rows.next()) {
              if (rows.root().getRowCount() > 0) {
                reply = objects.row(0);
              }
            }
          }
          notices.addAll(result.notices());
        }
      }
    }
    return with(reply, notices);
  }

  /** What the statements said beside their answers; nothing for none. */
  private static ObjectNode with(ObjectNode reply, List<Notice> notices) {
    if (!notices.isEmpty()) {
      ArrayNode array = reply.putArray("notices");
      notices.forEach(
          notice -> array.addObject().put("code", notice.code()).put("message", notice.message()));
    }
    return reply;
  }

  private void list(
      List<Route> routes,
      String path,
      String member,
      List<String> parameters,
      Function<Exchange, String> sql) {
    List<String> known =
        Stream.concat(Stream.of("database", Listing.LIMIT, Listing.TOKEN), parameters.stream())
            .toList();
    Predicate<ObjectNode> kind = kind(path);
    routes.add(
        Route.get(
            path,
            exchange -> {
              exchange.requireQueryOf(known);
              Listing listing = Listing.of(exchange);
              Predicate<ObjectNode> wanted = kind.and(matching(exchange, parameters));
              try (Lease lease = sessions.lease(exchange);
                  Result result = execute(lease.session(), sql.apply(exchange))) {
                if (!(result instanceof Result.Rows rows)) {
                  throw new IllegalStateException(path + " answers no rows");
                }
                exchange.reply(200, listing.page(member, rows, wanted));
              }
            }));
  }

  private static Result execute(Session session, String sql) {
    return session.execute(sql, List.of(), StatementOptions.defaults());
  }

  /** Row and column policies come from one SHOW; a column {@code kind} tells them apart. */
  private static Predicate<ObjectNode> kind(String path) {
    String word =
        path.contains("row-policy") ? "row" : path.contains("column-policy") ? "column" : "";
    return row ->
        word.isEmpty()
            || !row.has("kind")
            || row.get("kind").asText().toLowerCase(Locale.ROOT).contains(word);
  }

  /** Keeps rows whose column of that name, if there is one, has the value asked for. */
  private static Predicate<ObjectNode> matching(Exchange exchange, List<String> parameters) {
    return row ->
        parameters.stream()
            .allMatch(name ->
                exchange
                    .query(name)
                    .filter(
                        value -> row.has(name) && !row.get(name).asText().equalsIgnoreCase(value))
                    .isEmpty());
  }

  private static String ofTenant(Exchange exchange, String show) {
    SqlText sql = SqlText.of(show);
    ObjectCalls.inTenant(sql, exchange.query("tenant"));
    return sql.toString();
  }

  private static String showTokens(Exchange exchange) {
    SqlText sql = SqlText.of("SHOW TOKENS");
    exchange.query("user").ifPresent(user -> sql.words("FOR USER").name(user));
    return sql.toString();
  }

  private static String showGrants(Exchange exchange) {
    SqlText sql = SqlText.of("SHOW GRANTS");
    List<String> kinds =
        Stream.of("role", "user", "group").filter(k -> exchange.query(k).isPresent()).toList();
    if (kinds.size() > 1) {
      throw Fields.bad("give one of 'role', 'user' and 'group'");
    }
    for (String kind : kinds) {
      sql.words("FOR " + kind.toUpperCase(Locale.ROOT)).name(exchange.query(kind).orElseThrow());
    }
    ObjectCalls.inTenant(sql, exchange.query("tenant"));
    return sql.toString();
  }

  private static String showPolicies(Exchange exchange) {
    SqlText sql = SqlText.of("SHOW POLICIES");
    if (exchange.query("table").isPresent()) {
      sql.words("ON")
          .table(
              exchange
                  .query("schema")
                  .orElseThrow(() -> Fields.bad("'schema' is missing beside 'table'")),
              exchange.query("table").get());
    }
    return sql.toString();
  }
}
