package dev.polder.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Objects in a server that speaks as Google Cloud Storage does and asks nobody who he is. */
final class ForwardedGcs implements GuardedGcs.Behind {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI server;

  ForwardedGcs(URI server) {
    this.server = server;
  }

  void makeBucket(String bucket) {
    HttpResponse<byte[]> answer =
        send(
            HttpRequest.newBuilder(server.resolve("/storage/v1/b?project=project"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\": \"" + bucket + "\"}"))
                .build());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(new String(answer.body(), StandardCharsets.UTF_8));
    }
  }

  @Override
  public boolean exists(String bucket, String name) {
    String path =
        "/storage/v1/b/" + bucket + "/o/" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    return send(HttpRequest.newBuilder(server.resolve(path)).build()).statusCode() == 200;
  }

  @Override
  public GuardedGcs.Reply answer(GuardedGcs.Request request, String endpoint) {
    String query = request.uri().getRawQuery();
    HttpRequest.Builder sent =
        HttpRequest.newBuilder(
                server.resolve(request.uri().getRawPath() + (query == null ? "" : "?" + query)))
            .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()));
    request.range().ifPresent(range -> sent.header("Range", range));
    request.contentRange().ifPresent(range -> sent.header("Content-Range", range));
    if (request.body().length > 0) {
      sent.header("Content-Type", "application/json");
    }
    HttpResponse<byte[]> answer = send(sent.build());
    Map<String, String> headers = new HashMap<>();
    answer
        .headers()
        .map()
        .forEach((name, values) -> {
          String value = values.getFirst();
          if (name.equalsIgnoreCase("location")) {
            URI location = URI.create(value);
            headers.put(name, endpoint + location.getRawPath() + "?" + location.getRawQuery());
          } else if (!name.equalsIgnoreCase("content-length")
              && !name.equalsIgnoreCase("transfer-encoding")) {
            headers.put(name, value);
          }
        });
    return new GuardedGcs.Reply(answer.statusCode(), headers, answer.body());
  }

  private HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
