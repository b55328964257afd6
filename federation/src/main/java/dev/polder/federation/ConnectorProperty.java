package dev.polder.federation;

import java.util.Optional;

/**
 * Something that a source of a connector can be told.
 *
 * @param defaultValue shown in help; empty where there is none
 * @param help one sentence
 */
public record ConnectorProperty(
    String name, Kind kind, boolean required, Optional<String> defaultValue, String help) {
  /** What its value is. */
  public enum Kind {
    TEXT,
    NUMBER,
    BOOLEAN,
    /** Must be given as {@code {{secret.NAME}}}; never shown. */
    SECRET,
    /** A file or directory of the server's machine: must lie under a configured root. */
    LOCAL_PATH
  }

  public static ConnectorProperty required(String name, Kind kind, String help) {
    return new ConnectorProperty(name, kind, true, Optional.empty(), help);
  }

  public static ConnectorProperty optional(String name, Kind kind, String help) {
    return new ConnectorProperty(name, kind, false, Optional.empty(), help);
  }

  public static ConnectorProperty withDefault(
      String name, Kind kind, String defaultValue, String help) {
    return new ConnectorProperty(name, kind, false, Optional.of(defaultValue), help);
  }
}
