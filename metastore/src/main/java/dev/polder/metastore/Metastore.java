package dev.polder.metastore;

/**
 * The server's durable state: who may do what, which databases, schemas and collections exist, and
 * every commit. All access is through units of work that run in one transaction. Thread-safe; may
 * be called from platform and virtual threads, but not from inside a unit of work.
 */
public interface Metastore extends AutoCloseable {
  /** Runs the work on one consistent snapshot. Many run at once; writing in it fails. */
  <T> T read(Work<T> work);

  /**
   * Runs the work atomically and in isolation from all other writes; it is durable when this
   * returns. An exception from the work undoes all that it did and reaches the caller. The work may
   * be run more than once, so it must have no other effect, and it must be short: writes wait for
   * each other.
   */
  <T> T write(Work<T> work);

  /**
   * Has the listener run after each write of this server that commits to a database or changes what
   * anybody may do. It must return at once and not fail; other servers' writes it does not hear of.
   */
  void onChange(Runnable listener);

  /** Whether other servers may use it at the same time. */
  boolean isShared();

  @Override
  void close();

  /** What is done in one transaction. */
  @FunctionalInterface
  interface Work<T> {
    T run(MetastoreTransaction tx);
  }
}
