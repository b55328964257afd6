package dev.polder.lake.delegation;

import java.net.URI;
import java.util.List;
import java.util.Map;

/** A request that a client wants to send to the store. Immutable. */
public record StoreRequest(String method, URI uri, Map<String, List<String>> headers) {
  public StoreRequest {
    headers = Map.copyOf(headers);
  }
}
