package dev.polder.door.flight;

import java.nio.file.Path;

/** How the door's connections are protected. */
public sealed interface FlightTls {
  /** No encryption; accepted for loopback addresses only. */
  record Plaintext() implements FlightTls {}

  /** A certificate chain and PKCS#8 key, both PEM. */
  record Pem(Path certificateChain, Path privateKey) implements FlightTls {}
}
