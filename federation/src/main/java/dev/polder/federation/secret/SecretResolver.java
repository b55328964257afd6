package dev.polder.federation.secret;

import dev.polder.model.Secret;

/**
 * Finds the values of references of one kind. Failures are SECRET_UNRESOLVED and name the secret
 * and what went wrong, never a value. Thread-safe.
 */
public interface SecretResolver extends AutoCloseable {
  /**
   * Refuses a reference that cannot name anything, without asking anybody.
   *
   * @param name the secret's, for the message
   * @param path the reference without its prefix
   */
  void check(String name, String path);

  /** The value as it is now, or was at most some seconds ago. */
  Secret resolve(String name, String path);

  /** Has the value asked for anew the next time. */
  void invalidate(String path);

  @Override
  void close();
}
