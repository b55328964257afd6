package dev.polder.conformance.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** SQL over HTTP in one database, as one user. Immutable. */
record Polder(URI server, String user, String password, String database) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** Without a database: what is said of databases themselves. */
  static Polder administrator(URI server, String password) {
    return new Polder(server, "admin", password, "");
  }

  Polder in(String other) {
    return new Polder(server, user, password, other);
  }

  Polder as(String otherUser, String otherPassword) {
    return new Polder(server, otherUser, otherPassword, database);
  }

  /** A token for engines. */
  String token(String name) {
    JsonNode reply = send("CREATE TOKEN " + name);
    int column = -1;
    for (int i = 0; i < reply.path("columns").size(); i++) {
      if (reply.path("columns").path(i).path("name").asText().equals("token")) {
        column = i;
      }
    }
    return reply.path("rows").path(0).path(column).asText();
  }

  void run(String... statements) {
    for (String sql : statements) {
      send(sql);
    }
  }

  /** The first column of a query, as text. */
  List<String> column(String sql) {
    List<String> values = new ArrayList<>();
    send(sql).path("rows").forEach(row -> values.add(row.path(0).asText()));
    return values;
  }

  private JsonNode send(String sql) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve("/api/sql"))
            .header("Content-Type", "application/json")
            .header("Authorization", "Basic " + basic())
            .POST(HttpRequest.BodyPublishers.ofString(body(sql)));
    if (!database.isEmpty()) {
      request.header("X-Polder-Database", database);
    }
    try {
      HttpResponse<String> reply =
          CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (reply.statusCode() != 200) {
        throw new IllegalStateException(sql + ": " + reply.body());
      }
      return JSON.readTree(reply.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String basic() {
    return Base64.getEncoder()
        .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  private static String body(String sql) {
    return JSON.valueToTree(Map.of("sql", sql)).toString();
  }
}
