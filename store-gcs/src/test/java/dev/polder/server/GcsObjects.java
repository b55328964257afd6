package dev.polder.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Objects in memory, as the JSON interface of Google Cloud Storage shows them. Thread-safe. */
final class GcsObjects implements GuardedGcs.Behind {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern RANGE = Pattern.compile("bytes[ =](\\d+)-(\\d*)(?:/(\\d+|\\*))?");

  @SuppressWarnings("ArrayRecordComponent")
  private record Stored(byte[] bytes, long generation) {}

  private record Upload(String bucket, String name, ByteArrayOutputStream bytes) {}

  private final NavigableMap<String, Stored> objects = new ConcurrentSkipListMap<>();
  private final Map<String, Upload> uploads = new ConcurrentHashMap<>();

  @Override
  public boolean exists(String bucket, String name) {
    return objects.containsKey(bucket + "/" + name);
  }

  @Override
  public GuardedGcs.Reply answer(GuardedGcs.Request request, String endpoint) {
    return switch (request.kind()) {
      case GET -> get(request);
      case LIST -> list(request);
      case CREATE -> create(request, endpoint);
      case CONTINUE -> more(request);
      case DELETE ->
          objects.remove(request.bucket() + "/" + request.name()) == null
              ? GuardedGcs.Reply.error(404, "no such object")
              : new GuardedGcs.Reply(204, Map.of(), new byte[0]);
    };
  }

  private GuardedGcs.Reply get(GuardedGcs.Request request) {
    Stored stored = objects.get(request.bucket() + "/" + request.name());
    if (stored == null) {
      return GuardedGcs.Reply.error(404, "no such object");
    }
    if (!"media".equals(request.query().get("alt"))) {
      return GuardedGcs.Reply.json(200, shown(request.bucket(), request.name(), stored));
    }
    Matcher range = RANGE.matcher(request.range().orElse("bytes=0-"));
    if (!range.matches() || Long.parseLong(range.group(1)) >= Math.max(1, stored.bytes().length)) {
      return GuardedGcs.Reply.error(416, "range");
    }
    int from = Integer.parseInt(range.group(1));
    int to =
        range.group(2).isEmpty()
            ? stored.bytes().length
            : (int) Math.min(stored.bytes().length, Long.parseLong(range.group(2)) + 1);
    return new GuardedGcs.Reply(
        request.range().isPresent() ? 206 : 200,
        Map.of(
            "Content-Type",
            "application/octet-stream",
            "Content-Range",
            "bytes " + from + "-" + (to - 1) + "/" + stored.bytes().length,
            "x-goog-generation",
            Long.toString(stored.generation())),
        Arrays.copyOfRange(stored.bytes(), from, to));
  }

  private GuardedGcs.Reply list(GuardedGcs.Request request) {
    ObjectNode answer = JSON.createObjectNode().put("kind", "storage#objects");
    var items = answer.putArray("items");
    String start = request.bucket() + "/" + request.query().getOrDefault("prefix", "");
    objects
        .tailMap(start, true)
        .forEach((key, stored) -> {
          if (key.startsWith(start)) {
            String name = key.substring(request.bucket().length() + 1);
            items.add(shown(request.bucket(), name, stored));
          }
        });
    return GuardedGcs.Reply.json(200, answer);
  }

  private GuardedGcs.Reply create(GuardedGcs.Request request, String endpoint) {
    String id = UUID.randomUUID().toString();
    uploads.put(id, new Upload(request.bucket(), request.name(), new ByteArrayOutputStream()));
    return new GuardedGcs.Reply(
        200,
        Map.of(
            "Location",
            endpoint
                + "/upload/storage/v1/b/"
                + request.bucket()
                + "/o?uploadType=resumable&upload_id="
                + id),
        new byte[0]);
  }

  private GuardedGcs.Reply more(GuardedGcs.Request request) {
    Upload upload = uploads.get(request.query().get("upload_id"));
    upload.bytes().writeBytes(request.body());
    Optional<Matcher> range = request.contentRange().map(RANGE::matcher).filter(Matcher::matches);
    if (range.isPresent() && "*".equals(range.get().group(3))) {
      return new GuardedGcs.Reply(
          308, Map.of("Range", "bytes=0-" + (upload.bytes().size() - 1)), new byte[0]);
    }
    Stored stored = new Stored(upload.bytes().toByteArray(), Instant.now().toEpochMilli());
    objects.put(upload.bucket() + "/" + upload.name(), stored);
    return GuardedGcs.Reply.json(200, shown(upload.bucket(), upload.name(), stored));
  }

  private static ObjectNode shown(String bucket, String name, Stored stored) {
    return JSON.createObjectNode()
        .put("kind", "storage#object")
        .put("bucket", bucket)
        .put("name", name)
        .put("size", Long.toString(stored.bytes().length))
        .put("generation", Long.toString(stored.generation()))
        .put("timeCreated", Instant.ofEpochMilli(stored.generation()).toString());
  }
}
