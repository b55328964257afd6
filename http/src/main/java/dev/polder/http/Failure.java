package dev.polder.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A failure as the client sees it. What the door did not expect is shown as {@code INTERNAL_ERROR}
 * with an id under which the log has the rest. Immutable.
 *
 * @param position offset in the statement in UTF-16 units, −1 when unknown
 */
public record Failure(ErrorCode code, String message, int position) {
  private static final Logger LOG = LoggerFactory.getLogger(Failure.class);

  public static Failure of(Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      switch (t) {
        case PolderException e -> {
          return new Failure(e.code(), String.valueOf(e.getMessage()), e.position().orElse(-1));
        }
        case TimeoutException e -> {
          return new Failure(
              ErrorCode.REQUEST_TIMEOUT, "the request's body did not arrive in time", -1);
        }
        case HttpException e -> {
          return new Failure(ErrorCode.BAD_REQUEST, "the request is not valid HTTP", -1);
        }
        case EofException e -> {
          return new Failure(ErrorCode.BAD_REQUEST, "the client left", -1);
        }
        default -> {}
      }
    }
    UUID id = UUID.randomUUID();
    LOG.error("internal error {}", id, cause);
    return new Failure(
        ErrorCode.INTERNAL_ERROR, "internal error; the server's log has it as " + id, -1);
  }

  /** Writes the value of the {@code error} member. */
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("code", code.symbol());
    out.writeStringField("sqlState", code.sqlState());
    out.writeStringField("message", message);
    if (position < 0) {
      out.writeNullField("position");
    } else {
      out.writeNumberField("position", position);
    }
    out.writeEndObject();
  }

  /** The whole body. */
  public byte[] body() throws IOException {
    var sink = new java.io.ByteArrayOutputStream(256);
    try (JsonGenerator out = Json.generator(sink)) {
      out.writeStartObject();
      out.writeFieldName("error");
      write(out);
      out.writeEndObject();
    }
    return sink.toByteArray();
  }
}
