package dev.polder.server.suite;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A value as a text in which NULL, an empty text, −0 and NaN all look different. Stateless. */
final class CanonicalText {
  static final String NULL = "∅";

  private CanonicalText() {}

  static String of(@Nullable Object value) {
    return switch (value) {
      case null -> NULL;
      case byte[] bytes -> "0x" + HexFormat.of().formatHex(bytes);
      case Map<?, ?> struct ->
          struct.entrySet().stream()
              .map(entry -> entry.getKey() + ": " + of(entry.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case List<?> list ->
          list.stream().map(CanonicalText::of).collect(Collectors.joining(", ", "[", "]"));
      default -> String.valueOf(value);
    };
  }
}
