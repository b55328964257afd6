package dev.polder.http.internal;

import dev.polder.http.Failure;
import dev.polder.http.FailureFormat;
import dev.polder.model.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers what Jetty refuses by itself (broken request lines, headers too large) as JSON. */
public final class JsonErrors implements Request.Handler {
  private final Function<String, FailureFormat> formats;

  /**
   * @param formats how a path's protocol spells failures
   */
  public JsonErrors(Function<String, FailureFormat> formats) {
    this.formats = formats;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    if (status < 400) {
      response.setStatus(400);
    }
    String message =
        switch (status) {
          case 414, 431 -> "the request's line or headers are too large";
          case 408 -> "the request did not arrive in time";
          default -> "the request is not valid HTTP";
        };
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    try {
      String path = Objects.requireNonNullElse(request.getHttpURI().getPath(), "");
      byte[] body =
          formats
              .apply(path)
              .body(
                  new Failure(
                      status >= 500 ? ErrorCode.INTERNAL_ERROR : ErrorCode.BAD_REQUEST,
                      status >= 500 ? "internal error" : message,
                      -1));
      response.write(true, ByteBuffer.wrap(body), callback);
    } catch (IOException e) {
      callback.failed(e);
    }
    return true;
  }
}
