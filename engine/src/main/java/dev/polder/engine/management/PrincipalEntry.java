package dev.polder.engine.management;

import java.util.Optional;

/**
 * A user or service. Immutable.
 *
 * @param clientId of its client credential, if it has one
 */
public record PrincipalEntry(Described described, Optional<String> clientId) {
  /** A principal with the credential that it has just got. */
  public record WithCredentials(PrincipalEntry principal, Credentials credentials) {}
}
