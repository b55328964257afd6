package dev.polder.server.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Transport security of one door. Immutable. */
public record TlsSettings(
    @Key(
            value = "off, on, or auto: on unless the door listens on loopback alone.",
            byDefault = "auto")
        TlsMode mode,
    @Key(
            "PEM file with the certificate chain; unset with TLS on, a self-signed one is made and"
                + " kept in data.dir.")
        @Nullable Path certificate,
    @Key("PEM file with the certificate's private key.") @Nullable Path key) {

  /** Whether a door on this host is to speak TLS. */
  public boolean enabledOn(String host) {
    return switch (mode) {
      case ON -> true;
      case OFF -> false;
      case AUTO -> !LOOPBACK.matcher(host).matches();
    };
  }

  private static final java.util.regex.Pattern LOOPBACK =
      java.util.regex.Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?::1]?");
}
