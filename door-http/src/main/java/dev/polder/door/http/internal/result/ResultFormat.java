package dev.polder.door.http.internal.result;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;

/** The encodings of a result, chosen by {@code Accept}. */
public enum ResultFormat {
  JSON("application/json", "application/json"),
  NDJSON("application/x-ndjson", "application/x-ndjson"),
  CSV("text/csv", "text/csv; charset=utf-8; header=present"),
  ARROW("application/vnd.apache.arrow.stream", "application/vnd.apache.arrow.stream");

  private final String mediaType;
  private final String contentType;

  ResultFormat(String mediaType, String contentType) {
    this.mediaType = mediaType;
    this.contentType = contentType;
  }

  public String contentType() {
    return contentType;
  }

  public ResultWriter writer(OutputStream sink) throws IOException {
    return switch (this) {
      case JSON -> new JsonResult(sink);
      case NDJSON -> new NdjsonResult(sink);
      case CSV -> new CsvResult(sink);
      case ARROW -> new ArrowResult(sink);
    };
  }

  /** The best of what the client takes; JSON when it does not say or takes anything. */
  public static ResultFormat negotiate(Optional<String> accept) {
    if (accept.isEmpty() || accept.get().isBlank()) {
      return JSON;
    }
    ResultFormat best = null;
    double bestQuality = 0;
    for (String range : accept.get().split(",", -1)) {
      String[] parts = range.split(";", -1);
      double quality = quality(parts);
      if (quality > bestQuality) {
        for (ResultFormat format : values()) {
          if (format.matches(parts[0].strip().toLowerCase(Locale.ROOT))) {
            best = format;
            bestQuality = quality;
            break;
          }
        }
      }
    }
    if (best == null) {
      throw new PolderException(
          ErrorCode.NOT_ACCEPTABLE,
          "results come as application/json, application/x-ndjson, text/csv or"
              + " application/vnd.apache.arrow.stream");
    }
    return best;
  }

  private boolean matches(String range) {
    return range.equals(mediaType)
        || range.equals("*/*")
        || (range.endsWith("/*") && mediaType.startsWith(range.substring(0, range.length() - 1)));
  }

  private static double quality(String[] parts) {
    for (String part : parts) {
      String text = part.strip().toLowerCase(Locale.ROOT);
      if (text.startsWith("q=")) {
        try {
          return Double.parseDouble(text.substring(2));
        } catch (NumberFormatException e) {
          throw new PolderException(
              ErrorCode.NOT_ACCEPTABLE, "the Accept header has a broken quality value", e);
        }
      }
    }
    return 1;
  }
}
