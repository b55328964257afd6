package dev.polder.door.iceberg.internal;

import dev.polder.engine.catalog.AccessMode;
import dev.polder.http.Exchange;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a client says of the ways in which it can be let at files. */
final class AccessDelegation {
  private static final String HEADER = "X-Iceberg-Access-Delegation";

  /** How older clients ask for keys. */
  private static final String LEGACY = "true";

  private AccessDelegation() {}

  /** The ways that the client knows; what is unknown here is not for us. */
  static Set<AccessMode> modes(Exchange exchange) {
    Set<AccessMode> modes = EnumSet.noneOf(AccessMode.class);
    for (String header : Collections.list(exchange.request().getHeaders(HEADER))) {
      for (String value : header.split(",", -1)) {
        String word = value.strip().toLowerCase(Locale.ROOT);
        for (AccessMode mode : AccessMode.values()) {
          if (mode.word().equals(word)) {
            modes.add(mode);
          }
        }
        if (word.equals(LEGACY)) {
          modes.add(AccessMode.VENDED_CREDENTIALS);
        }
      }
    }
    return modes;
  }
}
