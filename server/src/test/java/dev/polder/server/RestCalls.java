package dev.polder.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;

/** Bare requests to a server's Iceberg REST catalog. */
record RestCalls(RunningServer server, String token) {
  /** What the server answered. */
  record Reply(int status, String body, HttpResponse<String> response) {
    JsonNode json() {
      try {
        return new ObjectMapper().readTree(body);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  Reply get(String path) {
    return get(path, Map.of());
  }

  Reply get(String path, Map<String, String> headers) {
    return send(request(path, headers).GET().build());
  }

  Reply post(String path, String body) {
    return send(
        request(path, Map.of("Content-Type", "application/json"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private HttpRequest.Builder request(String path, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.endpoints().http() + "/api/catalog" + path))
            .header("Authorization", "Bearer " + token);
    headers.forEach(request::header);
    return request;
  }

  private static Reply send(HttpRequest request) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Reply(response.statusCode(), response.body(), response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
