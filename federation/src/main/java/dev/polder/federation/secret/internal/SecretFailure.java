package dev.polder.federation.secret.internal;

/** A secret store did not give a value. The message says why and holds no secret. */
final class SecretFailure extends Exception {
  private static final long serialVersionUID = 1L;

  SecretFailure(String message) {
    super(message);
  }
}
