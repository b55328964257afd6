package dev.polder.server.config;

/** What a statement's text may be at most, checked before anything parses it. Immutable. */
public record SqlSettings(
    @Key(
            value = "Largest statement in bytes of UTF-8.",
            byDefault = "1MiB",
            min = "1KiB",
            max = "64MiB")
        ByteSize maxStatementBytes,
    @Key(
            value = "Deepest nesting of parentheses, brackets and CASE.",
            byDefault = "200",
            min = "10",
            max = "1000")
        int maxNesting) {}
