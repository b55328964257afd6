package dev.polder.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.List;
import java.util.UUID;

/** Requests to one server's Iceberg door, as bare HTTP. */
record IcebergRequests(URI http, String token) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  static final String TABLE =
      "{\"name\":\"%s\",\"schema\":{\"type\":\"struct\",\"schema-id\":0,\"fields\":[{\"id\":1,"
          + "\"name\":\"id\",\"required\":true,\"type\":\"long\"}]}}";

  record Answer(int status, JsonNode body, HttpHeaders headers) {
    List<String> names() {
      return body.path("identifiers").findValuesAsText("name");
    }
  }

  /** A key as clients make it. */
  static String key() {
    long high = (System.currentTimeMillis() << 16) | 0x7000 | RANDOM.nextInt(0x1000);
    long low = Long.MIN_VALUE | (RANDOM.nextLong() >>> 2);
    return new UUID(high, low).toString();
  }

  String prefix(String warehouse) {
    return get("/v1/config?warehouse=" + warehouse)
        .body()
        .path("overrides")
        .path("prefix")
        .asText();
  }

  Answer get(String path) {
    return send("GET", path, "", null);
  }

  Answer send(
      String method, String path, String body, @org.jspecify.annotations.Nullable String key) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(http + "/api/catalog" + path))
            .header("Authorization", "Bearer " + token)
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    try {
      HttpResponse<String> response =
          CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(
          response.statusCode(),
          JSON.readTree(response.body().isEmpty() ? "{}" : response.body()),
          response.headers());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
