package dev.polder.federation.postgres;

/** A value that its column's type cannot hold; the message says what it is. */
final class ValueException extends RuntimeException {
  ValueException(String message) {
    // Thrown at most once a query, but never for its trace.
    super(message, null, false, false);
  }
}
