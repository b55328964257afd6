package dev.polder.door.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Calls the API as a client does. */
final class ApiClient {
  static final ObjectMapper JSON = new ObjectMapper();
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI base;
  private final String authorization;

  ApiClient(URI base, String user, String password) {
    this.base = base;
    String pair = user + ":" + password;
    this.authorization =
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  /** What came back. */
  record Reply(int status, HttpResponse<byte[]> response) {
    String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    JsonNode json() throws IOException {
      return JSON.readTree(response.body());
    }

    String code() throws IOException {
      return json().path("error").path("code").asText();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  HttpRequest.Builder anonymous(String path) {
    return HttpRequest.newBuilder(base.resolve(path));
  }

  HttpRequest.Builder request(String path) {
    return anonymous(path).header("Authorization", authorization);
  }

  Reply send(HttpRequest.Builder request) throws Exception {
    HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
    return new Reply(response.statusCode(), response);
  }

  Reply get(String path) throws Exception {
    return send(request(path));
  }

  Reply post(String path, String body, String... headers) throws Exception {
    return send(posting(path, body, headers));
  }

  HttpRequest.Builder posting(String path, String body, String... headers) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request;
  }

  Reply sql(String sql, String... headers) throws Exception {
    return post("/api/sql", body(sql).toString(), headers);
  }

  Reply sql(String sql, Object... parameters) throws Exception {
    ObjectNode body = body(sql);
    body.set("parameters", JSON.valueToTree(parameters));
    return post("/api/sql", body.toString());
  }

  JsonNode value(String expression) throws Exception {
    Reply reply = sql("SELECT " + expression + " AS v", new String[0]);
    if (reply.status() != 200) {
      throw new AssertionError(expression + ": " + reply.text());
    }
    return reply.json().path("rows").path(0).path(0);
  }

  static ObjectNode body(String sql) {
    return JSON.createObjectNode().put("sql", sql);
  }

  HttpClient client() {
    return client;
  }
}
