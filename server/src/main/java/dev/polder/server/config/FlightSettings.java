package dev.polder.server.config;

/** The Arrow Flight SQL door. Immutable. */
public record FlightSettings(
    @Key(value = "Address to listen on. Loopback unless told otherwise.", byDefault = "127.0.0.1")
        String host,
    @Key(
            value = "Port of Arrow Flight SQL; 0 takes any free one.",
            byDefault = "31337",
            min = "0",
            max = "65535")
        int port,
    TlsSettings tls) {}
