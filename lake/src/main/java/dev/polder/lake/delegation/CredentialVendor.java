package dev.polder.lake.delegation;

/** Gives out keys that open one table's files and nothing else of the store. Thread-safe. */
public interface CredentialVendor extends AutoCloseable {
  /** Whether keys are given out that write. */
  boolean writes();

  /** The property by which Iceberg's client of the store learns where it gets new keys. */
  String refreshProperty();

  /**
   * Keys for a table; the same ones again while they last for long enough. They write only if
   * {@link #writes} and the reach say so.
   *
   * @param session who they are for and for what, for the store's own log
   */
  TemporaryCredentials vend(Reach reach, String session);

  @Override
  void close();
}
