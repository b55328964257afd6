package dev.polder.server.config;

/** How databases of other servers are mirrored. Immutable. */
public record MirrorSettings(
    @Key(
            value =
                "Lets clusters on other machines have http:// URLs: tokens and data then cross the"
                    + " network unencrypted.",
            byDefault = "false")
        boolean plainHttp) {}
