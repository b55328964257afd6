package dev.polder.server.client;

import java.util.OptionalInt;

/**
 * The server refused or failed a request, in its own words. Immutable; the message carries the
 * server's text alone, the code stands beside it.
 */
public final class ServerFailure extends RuntimeException {
  private final String code;
  private final String sqlState;
  private final int position;

  public ServerFailure(String code, String sqlState, String message, int position) {
    super(message);
    this.code = code;
    this.sqlState = sqlState;
    this.position = position;
  }

  public String code() {
    return code;
  }

  public String sqlState() {
    return sqlState;
  }

  /** Offset of the fault in the statement, in UTF-16 units from 0. */
  public OptionalInt position() {
    return position < 0 ? OptionalInt.empty() : OptionalInt.of(position);
  }
}
