package dev.polder.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polder.server.config.ByteSize;
import dev.polder.server.config.ConfigurationReader;
import dev.polder.server.config.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A real server on free ports, with its data in a directory that goes with it. */
public final class LiveServer implements AutoCloseable {
  public static final String ADMIN = "admin";
  public static final String PASSWORD = "a good password of tests";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final RunningServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  /** What the HTTP door answered. */
  public record Answer(int status, JsonNode json) {
    public String errorCode() {
      return json.path("error").path("code").asText();
    }

    public JsonNode cell() {
      return json.path("rows").path(0).path(0);
    }
  }

  /**
   * @param settings {@code POLDER_…} variables over the defaults
   */
  public LiveServer(Map<String, String> settings) {
    try {
      directory = Files.createTempDirectory("polder");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> environment = new HashMap<>();
    environment.put("POLDER_DATA_DIR", directory.toString());
    environment.put("POLDER_HTTP_PORT", "0");
    environment.put("POLDER_FLIGHT_PORT", "0");
    environment.put("POLDER_ADMIN_PASSWORD", PASSWORD);
    environment.putAll(settings);
    Machine machine = new Machine(2, ByteSize.parse("4GiB"), ByteSize.parse("1GiB"));
    server =
        PolderServer.start(ConfigurationReader.read(null, environment, machine).configuration());
  }

  public Endpoints endpoints() {
    return server.endpoints();
  }

  RunningServer running() {
    return server;
  }

  public URI http() {
    return server.endpoints().http();
  }

  /** Runs a statement as the administrator, in the default database; it must succeed. */
  public Answer admin(String sql) {
    Answer answer = sql(sql);
    if (answer.status() != 200) {
      throw new AssertionError(sql + ": " + answer.json());
    }
    return answer;
  }

  /** Runs a statement as the administrator. */
  public Answer sql(String sql) {
    return answer(start(sql, UUID.randomUUID()).join());
  }

  /** Starts a statement as the administrator, which can be cancelled by its id. */
  public CompletableFuture<HttpResponse<String>> start(String sql, UUID id) {
    return client.sendAsync(
        request("/api/sql")
            .header("X-Polder-Statement-Id", id.toString())
            .POST(BodyPublishers.ofString(JSON.createObjectNode().put("sql", sql).toString()))
            .build(),
        BodyHandlers.ofString());
  }

  public Answer post(String path, String body) {
    return answer(
        client
            .sendAsync(
                request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString())
            .join());
  }

  public Answer get(String path) {
    return answer(client.sendAsync(request(path).GET().build(), BodyHandlers.ofString()).join());
  }

  /** The status of a page that somebody on another machine asks for. */
  public int remoteStatus(String path, String user, String password) {
    HttpRequest request =
        request(path, user, password).header("X-Forwarded-For", "203.0.113.9").GET().build();
    return client.sendAsync(request, BodyHandlers.ofString()).join().statusCode();
  }

  /** The text of a page, as Prometheus reads it. */
  public String text(String path) {
    return client.sendAsync(request(path).GET().build(), BodyHandlers.ofString()).join().body();
  }

  private HttpRequest.Builder request(String path) {
    return request(path, ADMIN, PASSWORD);
  }

  private HttpRequest.Builder request(String path, String user, String password) {
    String pair = user + ":" + password;
    return HttpRequest.newBuilder(http().resolve(path))
        .header("Content-Type", "application/json")
        .header(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  public static Answer answer(HttpResponse<String> response) {
    try {
      return new Answer(response.statusCode(), JSON.readTree(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(response.body(), e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } finally {
      removeFiles();
    }
  }

  private void removeFiles() {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
