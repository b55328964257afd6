package dev.polder.door.http.internal.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.door.http.internal.Sessions;
import dev.polder.door.http.internal.Sessions.Lease;
import dev.polder.door.http.internal.result.RowObjects;
import dev.polder.engine.Result;
import dev.polder.engine.Session;
import dev.polder.engine.StatementOptions;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import dev.polder.http.Json;
import dev.polder.http.Route;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The audit trail over HTTP: a look at it, its verification, and an export of whole chains as JSON
 * lines, which is read a page at a time and so of any length. Thread-safe.
 */
public final class AuditEndpoints {
  private static final String IN = "databaseName";
  private static final String ID = "databaseId";
  private static final int PAGE = 1_000;
  private static final Map<String, String> FIELDS =
      Map.of(
          "eventType", "event_type",
          "user", "user",
          "tenantName", "tenant",
          "object", "object",
          "outcome", "outcome",
          "since", "since",
          "until", "until");

  private final Sessions sessions;

  public AuditEndpoints(Sessions sessions) {
    this.sessions = sessions;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/audit/list", this::list),
        Route.get("/api/audit/verify", this::verify),
        Route.get("/api/audit/export", this::export));
  }

  private void list(Exchange exchange) throws IOException {
    List<String> known = new ArrayList<>(FIELDS.keySet());
    known.addAll(List.of("database", IN, ID, "before", Listing.LIMIT));
    exchange.requireQueryOf(known);
    SqlText sql = SqlText.of("SHOW AUDIT");
    in(sql, exchange);
    List<String> conditions = new ArrayList<>();
    FIELDS.forEach((parameter, field) ->
        exchange
            .query(parameter)
            .ifPresent(
                value -> conditions.add(SqlText.of(field + " =").literal(value).toString())));
    number(exchange, "before").ifPresent(seq -> conditions.add("seq < " + seq));
    if (!conditions.isEmpty()) {
      sql.words("WHERE " + String.join(" AND ", conditions));
    }
    number(exchange, Listing.LIMIT).ifPresent(limit -> sql.words("LIMIT " + limit));
    ArrayNode records = Json.MAPPER.createArrayNode();
    try (Lease lease = sessions.lease(exchange)) {
      each(lease.session(), sql.toString(), records::add);
    }
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.set("records", records);
    exchange.reply(200, body);
  }

  private void verify(Exchange exchange) throws IOException {
    exchange.requireQueryOf(List.of("database", IN, ID));
    SqlText sql = SqlText.of("AUDIT VERIFY");
    in(sql, exchange);
    List<ObjectNode> verdict = new ArrayList<>();
    try (Lease lease = sessions.lease(exchange)) {
      each(lease.session(), sql.toString(), verdict::add);
    }
    exchange.reply(200, verdict.getFirst());
  }

  private void export(Exchange exchange) throws IOException {
    exchange.requireQueryOf(List.of("database", IN, ID, "after", "since", "until"));
    long after = number(exchange, "after").orElse(0L);
    try (Lease lease = sessions.lease(exchange)) {
      List<ObjectNode> page = page(exchange, lease.session(), after);
      exchange.response().setContentType("application/x-ndjson");
      OutputStream out = exchange.response().getOutputStream();
      while (!page.isEmpty()) {
        for (ObjectNode line : page) {
          out.write(Json.bytes(line));
          out.write('\n');
        }
        page =
            page.size() < PAGE
                ? List.of()
                : page(exchange, lease.session(), page.getLast().get("seq").asLong());
      }
    } catch (PolderException e) {
      if (!exchange.response().isCommitted()) {
        throw e;
      }
      exchange.abort(e);
    }
  }

  private static List<ObjectNode> page(Exchange exchange, Session session, long after)
      throws IOException {
    SqlText sql = SqlText.of("AUDIT EXPORT");
    in(sql, exchange);
    sql.words("WHERE seq > " + after);
    for (String bound : List.of("since", "until")) {
      exchange.query(bound).ifPresent(value -> sql.words("AND " + bound + " =").literal(value));
    }
    sql.words("LIMIT " + PAGE);
    List<ObjectNode> page = new ArrayList<>();
    each(session, sql.toString(), page::add);
    return page;
  }

  private static void in(SqlText sql, Exchange exchange) {
    Optional<Long> id = number(exchange, ID);
    if (id.isPresent() && exchange.query(IN).isPresent()) {
      throw Fields.bad("give '" + IN + "' or '" + ID + "', not both");
    }
    id.ifPresent(number -> sql.words("IN DATABASE " + number));
    exchange.query(IN).ifPresent(name -> sql.words("IN DATABASE").name(name));
  }

  private static Optional<Long> number(Exchange exchange, String parameter) {
    return exchange
        .query(parameter)
        .map(text -> {
          if (!text.matches("[0-9]{1,18}")) {
            throw Fields.bad("'" + parameter + "' must be a number");
          }
          return Long.valueOf(text);
        });
  }

  private static void each(Session session, String sql, Consumer<ObjectNode> action)
      throws IOException {
    try (Result result = session.execute(sql, List.of(), StatementOptions.defaults())) {
      if (result instanceof Result.Rows rows) {
        RowObjects objects = new RowObjects(rows.columns(), rows.root());
        while (rows.next()) {
          for (int row = 0; row < rows.root().getRowCount(); row++) {
            action.accept(objects.row(row));
          }
        }
      }
    }
  }
}
