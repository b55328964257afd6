package dev.polder.door.flight;

import java.nio.file.Path;

/** How the door's connections are protected. */
public sealed interface FlightTls {
  /** No encryption; accepted for loopback addresses only. */
  record Plaintext() implements FlightTls {}

  /**
   * A self-signed certificate, made at the first start and kept for later ones.
   *
   * @param directory where {@code flight.crt} and {@code flight.key} are kept
   */
  record Generated(Path directory) implements FlightTls {}

  /** The operator's own certificate chain and PKCS#8 key, both PEM. */
  record Pem(Path certificateChain, Path privateKey) implements FlightTls {}
}
