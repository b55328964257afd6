package dev.polder.server.client;

/** No server answered, or what answered was no Polder server. */
public final class ConnectionFailure extends RuntimeException {
  public ConnectionFailure(String message, Throwable cause) {
    super(message, cause);
  }

  public ConnectionFailure(String message) {
    super(message);
  }
}
