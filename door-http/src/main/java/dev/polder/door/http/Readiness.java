package dev.polder.door.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whether the server can answer statements now. Immutable.
 *
 * @param checks what was looked at, with a word about each ({@code up}, or what is wrong); shown to
 *     everybody, so without internals
 */
public record Readiness(boolean ready, Map<String, String> checks) {
  public Readiness {
    checks = Map.copyOf(new LinkedHashMap<>(checks));
  }
}
