package dev.polder.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.Identity;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.jspecify.annotations.Nullable;

/** One request and its response. Used by the request's own thread alone. */
public final class Exchange {
  private static final long MOST_BEFORE_LOGIN = 16 << 10;

  private final Context context;
  private final BodyLimits limits;
  private @Nullable Identity identity;
  private byte @Nullable [] body;
  private byte[] replied = {};

  public Exchange(Context context, BodyLimits limits) {
    this.context = context;
    this.limits = limits;
  }

  public HttpServletRequest request() {
    return context.req();
  }

  public HttpServletResponse response() {
    return context.res();
  }

  /** Jetty's own view of the request, for what servlets cannot say. */
  public ServletContextRequest jetty() {
    return ServletContextRequest.getServletContextRequest(request());
  }

  public String clientAddress() {
    return Objects.requireNonNullElse(request().getRemoteAddr(), "");
  }

  public void identify(Identity who) {
    this.identity = who;
  }

  /** Who asks. */
  public Identity identity() {
    if (identity == null) {
      throw new PolderException(ErrorCode.AUTHENTICATION_FAILED, "authentication is required");
    }
    return identity;
  }

  public String pathParameter(String name) {
    return context.pathParam(name);
  }

  /** A header that may be given once; the same value again is no harm. */
  public Optional<String> header(String name) {
    @Nullable String found = null;
    for (String value : Collections.list(request().getHeaders(name))) {
      if (found != null && !found.equals(value)) {
        throw Fields.bad("header " + name + " is given twice with different values");
      }
      found = value;
    }
    return Optional.ofNullable(found);
  }

  /** A query parameter that may be given once. */
  public Optional<String> query(String name) {
    List<String> values = context.queryParams(name);
    if (values.stream().distinct().count() > 1) {
      throw Fields.bad("query parameter '" + name + "' is given twice with different values");
    }
    return values.stream().findFirst();
  }

  /** Refuses query parameters other than these. */
  public void requireQueryOf(List<String> known) {
    for (String name : context.queryParamMap().keySet()) {
      if (!known.contains(name)) {
        throw Fields.bad(
            "unknown query parameter '"
                + Fields.shortened(name)
                + "'; known are "
                + String.join(", ", known));
      }
    }
  }

  /**
   * The body, which must be declared as JSON; empty when there is none. The same each time it is
   * asked for.
   */
  public byte[] jsonBody() throws IOException {
    if (body == null) {
      body = jsonBody(limits);
    }
    return body;
  }

  /** The body in whatever form it came; the same each time it is asked for. */
  public byte[] body() throws IOException {
    if (body == null) {
      body = limits.read(request());
    }
    return body;
  }

  /** What was replied; empty when nothing was, or nothing but a status. */
  public byte[] replied() {
    return replied;
  }

  private byte[] jsonBody(BodyLimits bounds) throws IOException {
    byte[] read = bounds.read(request());
    if (read.length > 0 && !isJson(request().getContentType())) {
      throw new PolderException(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "the body must be JSON: send 'Content-Type: application/json' (curl --json does)");
    }
    return read;
  }

  /**
   * The fields of a form from somebody who has not said yet who it is; each may be given once.
   *
   * @throws PolderException BAD_REQUEST when it is no form
   */
  public Map<String, String> smallForm() throws IOException {
    byte[] body = limits.atMost(MOST_BEFORE_LOGIN).read(request());
    if (!mediaType(request().getContentType()).equals("application/x-www-form-urlencoded")) {
      throw Fields.bad("the body must be 'Content-Type: application/x-www-form-urlencoded'");
    }
    return Forms.read(body);
  }

  /** The fields of a body from somebody who has not said yet who it is. */
  public Fields smallFields() throws IOException {
    return new Fields(Json.object(jsonBody(limits.atMost(MOST_BEFORE_LOGIN))));
  }

  public Fields fields() throws IOException {
    return new Fields(Json.object(jsonBody()));
  }

  public void reply(int status, JsonNode body) throws IOException {
    reply(status, "application/json", Json.bytes(body));
  }

  public void reply(int status, String contentType, byte[] content) throws IOException {
    HttpServletResponse response = response();
    response.setStatus(status);
    response.setContentType(contentType);
    response.setContentLength(content.length);
    replied = content;
    OutputStream out = response.getOutputStream();
    out.write(content);
  }

  /** Answers with a failure, in a protocol's words. */
  public void fail(Failure failure, FailureFormat format) throws IOException {
    HttpServletResponse response = response();
    response.resetBuffer();
    response.setHeader("Content-Encoding", null);
    switch (failure.code().httpStatus()) {
      case 401 -> {
        response.addHeader("WWW-Authenticate", "Bearer realm=\"polder\"");
        response.addHeader("WWW-Authenticate", "Basic realm=\"polder\", charset=\"UTF-8\"");
      }
      case 429, 503 -> response.setHeader("Retry-After", "1");
      default -> {}
    }
    reply(failure.code().httpStatus(), "application/json", format.body(failure));
    if (failure.code() == ErrorCode.REQUEST_TOO_LARGE) {
      response.flushBuffer();
      limits.drain(request());
    }
  }

  /** Cuts the connection, so that the client cannot take what it has for the whole. */
  public void abort(Throwable cause) {
    jetty().getConnectionMetaData().getConnection().getEndPoint().close(cause);
  }

  private static String mediaType(@Nullable String contentType) {
    return contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  private static boolean isJson(@Nullable String contentType) {
    String type = mediaType(contentType);
    return type.equals("application/json") || type.endsWith("+json");
  }
}
