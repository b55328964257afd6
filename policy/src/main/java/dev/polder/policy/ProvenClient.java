package dev.polder.policy;

import java.util.Optional;

/**
 * A client that has just shown its secret. Immutable.
 *
 * @param proof of which client credential, if it came with one
 */
record ProvenClient(Identity identity, Optional<Proof> proof) {
  /** What the credential must still have when the token is made. */
  record Proof(String clientId, String fingerprint) {}
}
