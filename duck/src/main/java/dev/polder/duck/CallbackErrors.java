package dev.polder.duck;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Carries failures of Java functions through DuckDB, which keeps only their texts: code and message
 * stand between marks that no statement can guess. Stateless.
 */
final class CallbackErrors {
  private static final String MARK = mark();

  private CallbackErrors() {}

  private static String mark() {
    byte[] bytes = new byte[16];
    RandomGenerator random = new java.security.SecureRandom();
    random.nextBytes(bytes);
    return "<" + HexFormat.of().formatHex(bytes) + ">";
  }

  /** A failure to be thrown inside of a callback. */
  static RuntimeException marked(PolderException failure) {
    // DuckDB gives the text back inside of JSON: in letters alone it comes as it went.
    String message = HexFormat.of().formatHex(String.valueOf(failure.getMessage()).getBytes(UTF_8));
    return new IllegalStateException(MARK + failure.code().name() + ":" + message + MARK, failure);
  }

  /** The callback's failure in a text of DuckDB's, if there is one. */
  static Optional<PolderException> find(String text, Throwable cause) {
    int start = text.indexOf(MARK);
    int end = start < 0 ? -1 : text.indexOf(MARK, start + MARK.length());
    if (end < 0) {
      return Optional.empty();
    }
    String content = text.substring(start + MARK.length(), end);
    int colon = content.indexOf(':');
    return Optional.of(
        new PolderException(
            ErrorCode.valueOf(content.substring(0, colon)),
            new String(HexFormat.of().parseHex(content, colon + 1, content.length()), UTF_8),
            cause));
  }
}
