package dev.polder.lake.delegation;

import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * A request as it is to be sent. Immutable.
 *
 * @param headers to be added to the client's own
 * @param writes whether it changes what is in the store
 */
public record SignedRequest(URI uri, Map<String, List<String>> headers, boolean writes) {
  public SignedRequest {
    headers = Map.copyOf(headers);
  }
}
