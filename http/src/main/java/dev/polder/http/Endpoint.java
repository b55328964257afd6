package dev.polder.http;

import java.io.IOException;

/** What answers one route. Called on a virtual thread per request. */
@FunctionalInterface
public interface Endpoint {
  void handle(Exchange exchange) throws IOException;
}
