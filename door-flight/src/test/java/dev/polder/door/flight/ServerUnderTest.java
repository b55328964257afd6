package dev.polder.door.flight;

import java.net.URI;

/**
 * A server that the clients' contracts run against: an address, a principal who may do everything
 * in the database named, and another principal.
 */
public record ServerUnderTest(
    URI location,
    String user,
    String password,
    String otherUser,
    String otherPassword,
    String database) {
  int port() {
    return location.getPort();
  }

  String host() {
    return location.getHost();
  }
}
