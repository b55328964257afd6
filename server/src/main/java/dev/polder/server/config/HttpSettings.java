package dev.polder.server.config;

/** The HTTP door. Immutable. */
public record HttpSettings(
    @Key(value = "Address to listen on. Loopback unless told otherwise.", byDefault = "127.0.0.1")
        String host,
    @Key(
            value = "Port of the SQL, admin and Iceberg REST interfaces; 0 takes any free one.",
            byDefault = "8181",
            min = "0",
            max = "65535")
        int port,
    TlsSettings tls) {}
