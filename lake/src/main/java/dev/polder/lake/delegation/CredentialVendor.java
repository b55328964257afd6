package dev.polder.lake.delegation;

/** Gives out keys that open one table's files and nothing else of the store. Thread-safe. */
public interface CredentialVendor extends AutoCloseable {
  /** Whether keys may be given out that write: a store cannot keep them from replacing files. */
  boolean writes();

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
