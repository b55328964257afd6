package dev.polder.policy;

import dev.polder.policy.internal.PasswordHash;

/**
 * A password that was checked against the rules and hashed, ready to be stored in a metastore
 * transaction. Made by {@link Authenticator#newPassword} only, outside of any transaction since
 * hashing is slow on purpose; prints as {@code ***}. Immutable.
 */
public final class NewPassword {
  private final PasswordHash hash;

  NewPassword(PasswordHash hash) {
    this.hash = hash;
  }

  /** For this module alone. */
  public PasswordHash hash() {
    return hash;
  }

  @Override
  public String toString() {
    return "***";
  }
}
