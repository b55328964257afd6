package dev.polder.lake.delegation;

/** Signs single requests with the server's own keys, which never leave it. Thread-safe. */
public interface RequestSigner {
  /**
   * Signs a request for a table's files. One that writes is signed so that it makes a new file or
   * fails; none that deletes is.
   *
   * @throws dev.polder.model.PolderException ACCESS_DENIED for all that lies elsewhere or does
   *     something else
   */
  SignedRequest sign(Reach reach, StoreRequest request);
}
