package dev.polder.server.demo;

/** The demonstration cannot go on; the message says why and what to do. */
public final class DemoFailure extends RuntimeException {
  public DemoFailure(String message) {
    super(message);
  }

  public DemoFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
