package dev.polder.door.http.internal.source;

import dev.polder.http.Failure;
import dev.polder.http.Json;
import dev.polder.model.ErrorCode;
import java.util.Locale;

/** Failures as {@code {"error": word, "message": text}}; none for who is not known. Stateless. */
public final class SourceFailures {
  private SourceFailures() {}

  public static byte[] body(Failure failure) {
    return failure.code().httpStatus() == 401
        ? new byte[0]
        : Json.bytes(
            Json.MAPPER
                .createObjectNode()
                .put("error", word(failure.code()))
                .put("message", failure.message()));
  }

  private static String word(ErrorCode code) {
    return switch (code) {
      case DATABASE_NOT_FOUND,
          TENANT_NOT_FOUND,
          SOURCE_NOT_FOUND,
          SOURCE_SECRET_NOT_FOUND,
          SCHEMA_NOT_FOUND,
          COLLECTION_NOT_FOUND ->
          "not_found";
      case INVALID_PARAMETER, INVALID_NAME, BAD_REQUEST, SECRET_UNRESOLVED, SYNTAX_ERROR ->
          "invalid";
      default -> code.symbol().toLowerCase(Locale.ROOT);
    };
  }
}
