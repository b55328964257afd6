package dev.polder.server.config;

/** What is logged, to standard error. Immutable. */
public record LogSettings(
    @Key(value = "error, warn, info, debug or trace.", byDefault = "info") Level level,
    @Key(value = "text for people, json for collectors: one object a line.", byDefault = "text")
        Format format) {

  /** The least severe event that is logged. */
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  /** How a logged event is written. */
  public enum Format {
    TEXT,
    JSON
  }
}
