package dev.polder.door.iceberg.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.http.Exchange;
import dev.polder.http.Failure;
import dev.polder.http.Json;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;

/** A refusal as RFC 6749, section 5.2, has it, with one of the words that it lists. Immutable. */
final class OAuthFailure extends PolderException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String error;

  private OAuthFailure(int status, String error, String description) {
    super(status == 401 ? ErrorCode.INVALID_PASSWORD : ErrorCode.BAD_REQUEST, description);
    this.status = status;
    this.error = error;
  }

  static OAuthFailure invalidRequest(String description) {
    return new OAuthFailure(400, "invalid_request", description);
  }

  static OAuthFailure invalidClient(String description) {
    return new OAuthFailure(401, "invalid_client", description);
  }

  static OAuthFailure unsupported(String error, String description) {
    return new OAuthFailure(400, error, description);
  }

  private static OAuthFailure of(PolderException cause) {
    String message = String.valueOf(cause.getMessage());
    int status = cause.code().httpStatus();
    return switch (cause.code()) {
      case INVALID_PASSWORD -> invalidClient(message);
      case AUTHENTICATION_FAILED -> new OAuthFailure(400, "invalid_grant", message);
      case EXTERNAL_LOGIN_REQUIRED -> new OAuthFailure(400, "unauthorized_client", message);
      case INVALID_SCOPE -> new OAuthFailure(400, "invalid_scope", message);
      default ->
          status == 429 || status >= 500
              ? new OAuthFailure(status, "temporarily_unavailable", message)
              : new OAuthFailure(status == 413 ? 413 : 400, "invalid_request", message);
    };
  }

  /**
   * Answers with what made a request fail.
   *
   * @param basic whether the client showed its secret in the header
   */
  static void answer(Exchange exchange, RuntimeException cause, boolean basic) throws IOException {
    OAuthFailure failure =
        switch (cause) {
          case OAuthFailure known -> known;
          case PolderException refused -> of(refused);
          default -> of(new PolderException(ErrorCode.INTERNAL_ERROR, Failure.of(cause).message()));
        };
    if (cause instanceof PolderException e && e.code() == ErrorCode.REQUEST_TOO_LARGE) {
      exchange.fail(Failure.of(e), ignored -> failure.body());
      return;
    }
    if (failure.status == 401 && basic) {
      exchange
          .response()
          .setHeader("WWW-Authenticate", "Basic realm=\"polder\", charset=\"UTF-8\"");
    }
    if (failure.status == 429 || failure.status == 503) {
      exchange.response().setHeader("Retry-After", "1");
    }
    exchange.reply(failure.status, "application/json", failure.body());
  }

  private byte[] body() {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("error", error);
    body.put("error_description", printable(String.valueOf(getMessage())));
    return Json.bytes(body);
  }

  /** The characters that the RFC allows in a description. */
  private static String printable(String text) {
    return text.replace('"', '\'').replace('\\', '/').replaceAll("[^ -~]", "?");
  }
}
