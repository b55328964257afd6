package dev.polder.federation.secret.internal;

/** Asks one secret store, each time. Thread-safe. */
interface SecretFetch extends AutoCloseable {
  /** The store's name in messages. */
  String store();

  /** Whether a secret is always a set of fields, one of which a reference must name. */
  default boolean hasFields() {
    return false;
  }

  /**
   * Refuses what cannot be a secret's path.
   *
   * @param path the reference without prefix and field
   */
  void check(String path) throws SecretFailure;

  /** The secret's text; a JSON object where it has fields. */
  String fetch(String path) throws SecretFailure;

  @Override
  default void close() {}
}
