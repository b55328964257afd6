package dev.polder.engine.source;

/** Says whether a reference to another store's secret can be one. Thread-safe. */
@FunctionalInterface
public interface SourceReferences {
  /**
   * Refuses a reference that could not be resolved whatever it points at; asks no store.
   *
   * @param name the secret's
   * @throws dev.polder.model.PolderException SECRET_UNRESOLVED
   */
  void check(String name, String externalRef);
}
