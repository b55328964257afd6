package dev.polder.door.flight.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polder.model.Notice;
import io.grpc.Metadata;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The notices that one call collects; its trailers carry them as a JSON array. Thread-safe. */
final class CallNotices {
  static final Metadata.Key<byte[]> TRAILER =
      Metadata.Key.of("polder-notices-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final ObjectMapper JSON = new ObjectMapper();
  // Trailers must stay below the 8 KB that clients accept.
  private static final int MOST = 16;
  private static final int LONGEST = 256;

  private final Queue<Notice> notices = new ConcurrentLinkedQueue<>();

  void add(List<Notice> more) {
    for (Notice notice : more) {
      if (notices.size() < MOST) {
        notices.add(notice);
      }
    }
  }

  void writeTo(Metadata trailers) {
    if (!notices.isEmpty()) {
      trailers.put(TRAILER, json(List.copyOf(notices)));
    }
  }

  private static byte[] json(List<Notice> notices) {
    List<Map<String, String>> objects =
        notices.stream()
            .map(notice -> Map.of("code", notice.code(), "message", shortened(notice.message())))
            .toList();
    try {
      return JSON.writeValueAsString(objects).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }
}
