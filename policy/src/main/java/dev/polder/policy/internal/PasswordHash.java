package dev.polder.policy.internal;

/**
 * An argon2id hash in PHC form ({@code $argon2id$v=19$m=…}). Never leaves this module and never
 * prints. Immutable.
 */
public record PasswordHash(String phc) {
  @Override
  public String toString() {
    return "***";
  }
}
