package dev.polder.server.config;

/** When a door speaks TLS: {@code AUTO} means on every host but loopback. */
public enum TlsMode {
  AUTO,
  OFF,
  ON
}
