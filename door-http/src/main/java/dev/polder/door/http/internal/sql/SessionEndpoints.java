package dev.polder.door.http.internal.sql;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.door.http.internal.Binding;
import dev.polder.door.http.internal.Sessions;
import dev.polder.engine.Session;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import dev.polder.http.Json;
import dev.polder.http.Route;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Sessions that outlive a request, for BEGIN, USE and SET. Thread-safe. */
public record SessionEndpoints(Sessions sessions) {
  public List<Route> routes() {
    return List.of(
        Route.post("/api/session", this::open), Route.delete("/api/session/{id}", this::end));
  }

  private void open(Exchange exchange) throws IOException {
    Fields fields = exchange.fields();
    Optional<String> tenant = fields.optionalString("tenant");
    Optional<String> database = fields.optionalString("database");
    fields.requireNoOthers();
    Session session = sessions.hold(exchange, Binding.of(exchange).and(tenant, database));
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("session", session.id().toString());
    body.put("database", session.database().value());
    body.put("tenant", session.tenant().value());
    body.put("idleTimeoutSeconds", sessions.idle().toSeconds());
    exchange.reply(200, body);
  }

  private void end(Exchange exchange) throws IOException {
    String id = exchange.pathParameter("id");
    sessions.end(exchange.identity(), id);
    exchange.reply(200, Json.MAPPER.createObjectNode().put("closed", id));
  }
}
