package dev.polder.federation;

import java.util.List;

/** Knows one kind of external system. Stateless and thread-safe. */
public interface Connector {
  /** The name by which sources choose it, such as {@code postgres}. */
  String name();

  /** What a source of this kind can be told, in the order to show. */
  List<ConnectorProperty> properties();

  /**
   * Whether what its properties say can make the server run code of somebody's choice: then only
   * superusers author such sources.
   */
  default boolean runsCode() {
    return false;
  }

  /**
   * Makes a client; connects to nothing yet.
   *
   * @param settings checked against {@link #properties()}, with secrets in their places
   */
  SourceClient open(SourceSettings settings);
}
