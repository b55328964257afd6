package dev.polder.door.http.internal.sql;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.door.http.internal.Sessions;
import dev.polder.door.http.internal.Sessions.Lease;
import dev.polder.engine.StagingArea;
import dev.polder.engine.StagingArea.StagedFile;
import dev.polder.http.Exchange;
import dev.polder.http.Json;
import dev.polder.http.Route;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.util.List;

/** Files for COPY, streamed up and down. Thread-safe. */
public record StagingEndpoints(Sessions sessions, StagingArea staging, long maxUploadBytes) {
  private static final int MAX_NAME = 255;

  public List<Route> routes() {
    return List.of(
        Route.get("/api/staging", this::list),
        Route.put("/api/staging/{name}", this::put),
        Route.get("/api/staging/{name}", this::get),
        Route.delete("/api/staging/{name}", this::delete));
  }

  private void list(Exchange exchange) throws IOException {
    ObjectNode body = Json.MAPPER.createObjectNode();
    ArrayNode files = body.putArray("files");
    try (Lease lease = sessions.lease(exchange)) {
      for (StagedFile file : staging.list(lease.session())) {
        files.addObject().put("name", file.name()).put("size", file.size());
      }
    }
    exchange.reply(200, body);
  }

  private void put(Exchange exchange) throws IOException {
    String name = name(exchange);
    if (exchange.request().getContentLengthLong() > maxUploadBytes) {
      throw BoundedInput.tooLarge(maxUploadBytes);
    }
    long size;
    try (Lease lease = sessions.lease(exchange);
        BoundedInput content =
            new BoundedInput(exchange.request().getInputStream(), maxUploadBytes)) {
      size = staging.put(lease.session(), name, content);
    }
    exchange.reply(200, Json.MAPPER.createObjectNode().put("name", name).put("size", size));
  }

  private void get(Exchange exchange) throws IOException {
    String name = name(exchange);
    exchange.response().setContentType("application/octet-stream");
    try (Lease lease = sessions.lease(exchange)) {
      staging.read(lease.session(), name, exchange.response().getOutputStream());
    }
  }

  private void delete(Exchange exchange) throws IOException {
    String name = name(exchange);
    try (Lease lease = sessions.lease(exchange)) {
      staging.delete(lease.session(), name);
    }
    exchange.reply(200, Json.MAPPER.createObjectNode().put("deleted", name));
  }

  /** One path element: nothing that a file system could take for a way out. */
  private static String name(Exchange exchange) {
    String name = exchange.pathParameter("name");
    boolean bad =
        name.isEmpty()
            || name.length() > MAX_NAME
            || name.startsWith(".")
            || name.chars().anyMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
    if (bad) {
      throw new PolderException(
          ErrorCode.INVALID_NAME,
          "a staged file's name has 1 to 255 characters, no / or \\, and no dot first");
    }
    return Json.wellFormed("the name", name);
  }
}
