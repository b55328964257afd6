package dev.polder.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Block blobs in memory, as Azure's interface for blobs shows them. Thread-safe. */
final class AzureFiles implements GuardedAzure.Behind {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
  private static final Pattern BLOCK = Pattern.compile("<(?:Latest|Uncommitted)>([^<]*)</");

  @SuppressWarnings("ArrayRecordComponent")
  private record Stored(byte[] bytes, Instant created) {}

  private final NavigableMap<String, Stored> files = new ConcurrentSkipListMap<>();
  private final Map<String, byte[]> blocks = new ConcurrentHashMap<>();

  @Override
  public boolean exists(String container, String path) {
    return files.containsKey(container + "/" + path);
  }

  @Override
  public List<GuardedAzure.Entry> list(String container, String prefix) {
    String start = container + "/" + prefix;
    return files.tailMap(start, true).entrySet().stream()
        .filter(file -> file.getKey().startsWith(start))
        .map(file ->
            new GuardedAzure.Entry(
                file.getKey().substring(container.length() + 1),
                file.getValue().bytes().length,
                file.getValue().created()))
        .toList();
  }

  @Override
  public GuardedAzure.Reply answer(GuardedAzure.Request request, boolean keyed) {
    String key = request.container() + "/" + request.path();
    String part = request.query().getOrDefault("comp", "");
    return switch (request.method()) {
      case "GET", "HEAD" -> part.equals("list") ? listed(request) : read(request, key);
      case "DELETE" ->
          files.remove(key) == null
              ? GuardedAzure.Reply.error(404, "PathNotFound")
              : new GuardedAzure.Reply(200, Map.of(), new byte[0]);
      case "PUT" -> write(request, key, part);
      default -> GuardedAzure.Reply.error(405, "UnsupportedHttpVerb");
    };
  }

  private GuardedAzure.Reply write(GuardedAzure.Request request, String key, String part) {
    if (part.equals("block")) {
      blocks.put(key + "#" + request.query().get("blockid"), request.body());
      return created();
    }
    if ("*".equals(request.headers().get("if-none-match")) && files.containsKey(key)) {
      return GuardedAzure.Reply.error(409, "BlobAlreadyExists");
    }
    byte[] bytes = request.body();
    if (part.equals("blocklist")) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      Matcher block = BLOCK.matcher(new String(bytes, StandardCharsets.UTF_8));
      while (block.find()) {
        all.writeBytes(blocks.remove(key + "#" + block.group(1)));
      }
      bytes = all.toByteArray();
    }
    files.put(key, new Stored(bytes, Instant.now().truncatedTo(ChronoUnit.SECONDS)));
    return created();
  }

  private static GuardedAzure.Reply created() {
    return new GuardedAzure.Reply(
        201,
        Map.of(
            "ETag", "\"0x1\"",
            "Last-Modified", GuardedAzure.time(Instant.now()),
            "x-ms-request-server-encrypted", "true"),
        new byte[0]);
  }

  private GuardedAzure.Reply read(GuardedAzure.Request request, String key) {
    Stored stored = files.get(key);
    if (stored == null) {
      return GuardedAzure.Reply.error(404, "BlobNotFound");
    }
    byte[] bytes = stored.bytes();
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", "application/octet-stream");
    headers.put("x-ms-blob-type", "BlockBlob");
    headers.put("x-ms-creation-time", GuardedAzure.time(stored.created()));
    headers.put("Last-Modified", GuardedAzure.time(stored.created()));
    headers.put("ETag", "\"0x1\"");
    headers.put("Accept-Ranges", "bytes");
    Matcher range =
        RANGE.matcher(
            request
                .headers()
                .getOrDefault("x-ms-range", request.headers().getOrDefault("range", "")));
    if (request.method().equals("HEAD")) {
      headers.put("Content-Length", Integer.toString(bytes.length));
      return new GuardedAzure.Reply(200, headers, new byte[0]);
    }
    if (!range.matches()) {
      return new GuardedAzure.Reply(200, headers, bytes);
    }
    int from = Integer.parseInt(range.group(1));
    int to =
        range.group(2).isEmpty()
            ? bytes.length
            : (int) Math.min(bytes.length, Long.parseLong(range.group(2)) + 1);
    if (from >= bytes.length) {
      return GuardedAzure.Reply.error(416, "InvalidRange");
    }
    headers.put("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + bytes.length);
    return new GuardedAzure.Reply(206, headers, Arrays.copyOfRange(bytes, from, to));
  }

  private GuardedAzure.Reply listed(GuardedAzure.Request request) {
    StringBuilder xml =
        new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults><Blobs>");
    for (GuardedAzure.Entry entry :
        list(request.container(), request.query().getOrDefault("prefix", ""))) {
      xml.append("<Blob><Name>")
          .append(entry.name().replace("&", "&amp;"))
          .append("</Name><Properties><Creation-Time>")
          .append(GuardedAzure.time(entry.created()))
          .append("</Creation-Time><Last-Modified>")
          .append(GuardedAzure.time(entry.created()))
          .append("</Last-Modified><Etag>0x1</Etag><Content-Length>")
          .append(entry.size())
          .append("</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob>");
    }
    xml.append("</Blobs><NextMarker/></EnumerationResults>");
    return new GuardedAzure.Reply(
        200,
        Map.of("Content-Type", "application/xml"),
        xml.toString().getBytes(StandardCharsets.UTF_8));
  }
}
