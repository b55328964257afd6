package dev.polder.server.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.model.Secret;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One client of a server's HTTP door. With a session, transactions, USE and SET last from statement
 * to statement. {@link #cancel} may be called from any thread; all else from one at a time.
 */
public final class PolderClient implements AutoCloseable {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();
  private static final Duration SHORT = Duration.ofSeconds(30);

  private final HttpClient http;
  private final Target target;
  private Credentials credentials;
  private @Nullable String session;
  private volatile @Nullable UUID running;

  public PolderClient(Target target, Credentials credentials) {
    this(target, credentials, new Trust.Authorities());
  }

  public PolderClient(Target target, Credentials credentials, Trust trust) {
    this.target = target;
    this.credentials = credentials;
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(trust.context())
            .connectTimeout(Duration.ofSeconds(10))
            .build();
  }

  public Target target() {
    return target;
  }

  /** Trades a password for a token, which costs the server less at each further request. */
  public void login() {
    if (credentials instanceof Credentials.UserPassword user) {
      ObjectNode body = JSON.createObjectNode();
      body.put("user", user.user());
      body.put("password", user.password().reveal());
      HttpRequest.Builder request =
          HttpRequest.newBuilder(resolve("/api/auth/login"))
              .timeout(SHORT)
              .header("Content-Type", "application/json")
              .POST(text(body.toString()));
      JsonNode answer = send(request);
      credentials = new Credentials.Token(Secret.of(required(answer, "token").asText()));
    }
  }

  /** Opens a session; returns the database that it is bound to. */
  public String openSession() {
    ObjectNode body = JSON.createObjectNode();
    if (target.database() != null) {
      body.put("database", target.database());
    }
    if (target.tenant() != null) {
      body.put("tenant", target.tenant());
    }
    JsonNode answer = send(request("/api/session").timeout(SHORT).POST(text(body.toString())));
    session = required(answer, "session").asText();
    return answer.path("database").asText("");
  }

  /** Runs one statement to its end. */
  public QueryResult execute(String sql) {
    ObjectNode body = JSON.createObjectNode();
    body.put("sql", sql);
    UUID id = UUID.randomUUID();
    HttpRequest.Builder request =
        request("/api/sql")
            .header("X-Polder-Statement-Id", id.toString())
            .POST(text(body.toString()));
    running = id;
    try {
      return result(send(request));
    } finally {
      running = null;
    }
  }

  /**
   * Sends a request of the administration API that is no statement.
   *
   * @param body null: none
   * @return an empty object where the server answers nothing
   */
  public JsonNode call(String method, String path, @Nullable JsonNode body) {
    BodyPublisher content = body == null ? BodyPublishers.noBody() : text(body.toString());
    return send(request(path).method(method, content));
  }

  /** Asks the server to stop the statement that runs now; returns false when none does. */
  public boolean cancel() {
    UUID id = running;
    if (id == null) {
      return false;
    }
    send(request("/api/sql/" + id + "/cancel").timeout(SHORT).POST(BodyPublishers.noBody()));
    return true;
  }

  /**
   * Reads an audit trail line by line, oldest first.
   *
   * @param database whose; null: the server's own
   * @param after only what came after this record
   * @param since only what happened since then
   */
  public void exportAudit(
      @Nullable String database,
      @Nullable Long after,
      @Nullable String since,
      Consumer<String> lines) {
    StringBuilder path =
        new StringBuilder("/api/audit/export?after=").append(after == null ? 0 : after);
    boolean number = database != null && database.matches("[0-9]{1,18}");
    parameter(path, number ? "databaseId" : "databaseName", database);
    parameter(path, "since", since);
    HttpResponse<Stream<String>> response =
        exchange(request(path.toString()).GET().build(), BodyHandlers.ofLines());
    try (Stream<String> body = response.body()) {
      if (response.statusCode() / 100 == 2) {
        body.forEach(lines);
        return;
      }
      throw failure(response.statusCode(), JSON.readTree(body.collect(Collectors.joining("\n"))));
    } catch (JsonProcessingException e) {
      throw new ConnectionFailure(noPolder(response.statusCode()), e);
    } catch (UncheckedIOException e) {
      throw new ConnectionFailure("the answer of " + target.url() + " broke off", e);
    }
  }

  private static void parameter(StringBuilder path, String name, @Nullable String value) {
    if (value != null) {
      path.append('&')
          .append(name)
          .append('=')
          .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
  }

  /** Uploads a file to the space's own staging area, for {@code COPY … FROM 'name'}. */
  public void stage(String name, Path file) {
    String path = "/api/staging/" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    try {
      send(request(path).PUT(BodyPublishers.ofFile(file)));
    } catch (FileNotFoundException e) {
      throw new ConnectionFailure("there is no file " + file, e);
    }
  }

  /** Removes a file from the staging area. */
  public void unstage(String name) {
    String path = "/api/staging/" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    send(request(path).timeout(SHORT).DELETE());
  }

  @Override
  public void close() {
    try {
      if (session != null) {
        send(request("/api/session/" + session).timeout(Duration.ofSeconds(5)).DELETE());
      }
    } catch (ServerFailure | ConnectionFailure e) {
      // The session is gone with the server, or ends by its idle timeout: nothing is left to do.
      session = null;
    } finally {
      http.shutdownNow();
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(resolve(path))
            .header("Authorization", credentials.authorization())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json");
    if (session != null) {
      request.header("X-Polder-Session", session);
    } else {
      if (target.database() != null) {
        request.header("X-Polder-Database", target.database());
      }
      if (target.tenant() != null) {
        request.header("X-Polder-Tenant", target.tenant());
      }
    }
    return request;
  }

  private URI resolve(String path) {
    String base = target.url().toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }

  private static BodyPublisher text(String body) {
    return BodyPublishers.ofString(body, StandardCharsets.UTF_8);
  }

  private JsonNode send(HttpRequest.Builder request) {
    HttpResponse<byte[]> response = exchange(request.build(), BodyHandlers.ofByteArray());
    JsonNode answer;
    try {
      answer =
          response.body().length == 0 ? JSON.createObjectNode() : JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new ConnectionFailure(noPolder(response.statusCode()), e);
    } catch (IOException e) {
      throw new ConnectionFailure("the answer of " + target.url() + " broke off", e);
    }
    if (response.statusCode() / 100 == 2) {
      return answer;
    }
    throw failure(response.statusCode(), answer);
  }

  private RuntimeException failure(int status, JsonNode answer) {
    JsonNode error = answer.path("error");
    if (error.isTextual()) {
      return new ServerFailure(error.asText(), "", answer.path("message").asText(""), -1);
    }
    if (!error.isObject()) {
      return new ConnectionFailure(noPolder(status));
    }
    return new ServerFailure(
        error.path("code").asText("INTERNAL_ERROR"),
        error.path("sqlState").asText(""),
        error.path("message").asText(""),
        error.path("position").asInt(-1));
  }

  private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> body) {
    try {
      return http.send(request, body);
    } catch (SSLException e) {
      throw new ConnectionFailure(
          "the certificate of "
              + target.url()
              + " is not trusted, or it is for another name: give the server's own, or its"
              + " authority's, with --tls-ca",
          e);
    } catch (IOException e) {
      throw new ConnectionFailure(
          "cannot reach "
              + target.url()
              + ": start a server with './polder serve', or name another with --url",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionFailure("interrupted while waiting for " + target.url(), e);
    }
  }

  private String noPolder(int status) {
    return target.url() + " answered " + status + " and is no Polder server: check --url";
  }

  private JsonNode required(JsonNode answer, String field) {
    JsonNode value = answer.get(field);
    if (value == null) {
      throw new ConnectionFailure(noPolder(200));
    }
    return value;
  }

  private static QueryResult result(JsonNode answer) {
    List<QueryResult.Column> columns = new ArrayList<>();
    for (JsonNode column : answer.path("columns")) {
      columns.add(
          new QueryResult.Column(column.path("name").asText(), column.path("type").asText()));
    }
    List<List<JsonNode>> rows = new ArrayList<>();
    for (JsonNode row : answer.path("rows")) {
      List<JsonNode> cells = new ArrayList<>(columns.size());
      row.forEach(cells::add);
      rows.add(List.copyOf(cells));
    }
    List<QueryResult.NoticeText> notices = new ArrayList<>();
    for (JsonNode notice : answer.path("notices")) {
      notices.add(
          new QueryResult.NoticeText(
              notice.path("code").asText(), notice.path("message").asText()));
    }
    JsonNode count = answer.path("updateCount");
    return new QueryResult(
        columns,
        rows,
        count.isNumber() ? Long.valueOf(count.asLong()) : null,
        answer.path("elapsedMs").asDouble(),
        notices);
  }
}
