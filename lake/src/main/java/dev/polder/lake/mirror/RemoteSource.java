package dev.polder.lake.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.metastore.lineage.CollectionState;
import dev.polder.metastore.lineage.CommitJson;
import dev.polder.metastore.mirror.TimeoutAction;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLContext;

/**
 * A database of another server, asked over HTTP. It follows no redirects, so that its token goes
 * nowhere else. Thread-safe.
 */
public final class RemoteSource implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  static final Duration ANSWER = Duration.ofSeconds(20);
  static final Duration IDLE = Duration.ofSeconds(20);
  private static final int OK = 200;
  private static final int LONGEST_JSON = 64 << 20;

  private final String url;
  private final Secret token;
  private final DatabaseName database;
  private final Duration idle;
  private final Duration answer;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("polder-mirror-idle").factory());
  private final HttpClient client;

  /**
   * A way to a database.
   *
   * @param answer how long an answer may take to begin
   * @param idle how long it may send nothing
   */
  RemoteSource(
      String url,
      Secret token,
      DatabaseName database,
      SSLContext trust,
      Duration answer,
      Duration idle) {
    this.answer = answer;
    this.idle = idle;
    this.url = url;
    this.token = token;
    this.database = database;
    client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(trust)
            .build();
  }

  /** The newest state, page by page; where that fails its lease ends by itself. */
  public Wire.Snapshot snapshot() {
    Wire.Snapshot first = json(post("snapshot", ""), Wire.Snapshot.class);
    List<CollectionState> collections = new ArrayList<>(first.commit().collections());
    boolean more = first.more();
    while (more) {
      Wire.Rest rest =
          json(
              get("rest", "&lease=" + encoded(first.lease()) + "&from=" + collections.size()),
              Wire.Rest.class);
      collections.addAll(rest.collections());
      more = rest.more() && !rest.collections().isEmpty();
    }
    return first.with(first.commit().with(collections));
  }

  /**
   * The commits after one.
   *
   * @param follower who asks, if commits of the source wait for it
   */
  public Wire.Changes changes(
      long after, long accessEpoch, long waitMillis, Optional<String> follower) {
    return json(
        get(
            "commits",
            "&after="
                + after
                + "&accessEpoch="
                + accessEpoch
                + "&waitMillis="
                + waitMillis
                + follower.map(it -> "&follower=" + encoded(it)).orElse("")),
        Wire.Changes.class);
  }

  /** Makes a synchronous mirror known. */
  public void join(
      String follower, DatabaseName mirror, long syncTimeoutMicros, TimeoutAction onTimeout) {
    json(
        post(
            "join",
            "&follower="
                + encoded(follower)
                + "&mirror="
                + encoded(mirror.value())
                + "&syncTimeoutMicros="
                + syncTimeoutMicros
                + "&onTimeout="
                + onTimeout),
        Wire.Kept.class);
  }

  /**
   * Says that the follower is there.
   *
   * @param offer what it has staged, durably; empty: nothing new
   */
  public void staged(String follower, Optional<String> offer) {
    json(
        post(
            "staged",
            "&follower=" + encoded(follower) + offer.map(it -> "&offer=" + encoded(it)).orElse("")),
        Wire.Kept.class);
  }

  /** Ends a synchronous mirror's following. */
  public void leave(String follower) {
    json(post("leave", "&follower=" + encoded(follower)), Wire.Kept.class);
  }

  /** False: it has ended. */
  public boolean keep(String lease) {
    return json(post("keep", "&lease=" + encoded(lease)), Wire.Kept.class).kept();
  }

  public void release(String lease) {
    json(post("release", "&lease=" + encoded(lease)), Wire.Kept.class);
  }

  public Wire.Digest digest(String path) {
    return json(get("digest", "&path=" + encoded(path)), Wire.Digest.class);
  }

  /** The bytes of a file from an offset on. */
  public InputStream file(String path, long offset) throws IOException {
    HttpResponse<InputStream> response =
        send(get("file", "&path=" + encoded(path) + "&offset=" + offset));
    InputStream body = new IdleBody(response.body(), idle, timer);
    if (response.statusCode() != OK) {
      try (body) {
        throw failure(
            response.statusCode(), new String(body.readNBytes(1 << 16), StandardCharsets.UTF_8));
      }
    }
    return body;
  }

  private HttpRequest get(String what, String query) {
    return request(what, query).GET().build();
  }

  private HttpRequest post(String what, String query) {
    return request(what, query).POST(HttpRequest.BodyPublishers.noBody()).build();
  }

  private HttpRequest.Builder request(String what, String query) {
    return HttpRequest.newBuilder(
            URI.create(url + "/api/mirror/" + what + "?name=" + encoded(database.value()) + query))
        .timeout(answer)
        .header("Authorization", "Bearer " + token.reveal());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private <T> T json(HttpRequest request, Class<T> type) {
    HttpResponse<InputStream> response = send(request);
    String json;
    try (InputStream body = new IdleBody(response.body(), idle, timer)) {
      byte[] bytes = body.readNBytes(LONGEST_JSON + 1);
      if (bytes.length > LONGEST_JSON) {
        throw new PolderException(
            ErrorCode.CLUSTER_UNREACHABLE,
            "the answer of " + url + " is longer than " + (LONGEST_JSON >> 20) + " MB");
      }
      json = new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw unreachable(e);
    }
    if (response.statusCode() != OK) {
      throw failure(response.statusCode(), json);
    }
    return CommitJson.read(json, type);
  }

  private PolderException unreachable(IOException e) {
    return new PolderException(
        ErrorCode.CLUSTER_UNREACHABLE, "no answer from " + url + ": " + e, e);
  }

  private HttpResponse<InputStream> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PolderException(ErrorCode.SHUTTING_DOWN, "the server stops", e);
    }
  }

  /** The other server's own code, where it is one that this one knows. */
  private PolderException failure(int status, String body) {
    String name = "";
    String message = "";
    try {
      JsonNode error = CommitJson.tree(body).path("error");
      name = error.path("code").asText();
      message = error.path("message").asText();
    } catch (PolderException e) {
      message = "its answer is no JSON";
    }
    String code = name;
    ErrorCode known =
        Arrays.stream(ErrorCode.values())
            .filter(it -> it.name().equals(code))
            .findFirst()
            .orElse(ErrorCode.CLUSTER_UNREACHABLE);
    return new PolderException(known, url + " answered " + status + " " + name + ": " + message);
  }

  @Override
  public void close() {
    client.shutdownNow();
    timer.shutdownNow();
  }
}
