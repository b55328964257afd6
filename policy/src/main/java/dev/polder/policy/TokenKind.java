package dev.polder.policy;

/** What a token is for; part of its text, so that a leaked one is recognised at once. */
public enum TokenKind {
  /** Made by a person for their own tools. */
  PERSONAL("pat"),
  /** Made by an administrator for a service. */
  API_KEY("key"),
  /** Made by a login; short-lived. */
  SESSION("session");

  private final String word;

  TokenKind(String word) {
    this.word = word;
  }

  /** The word after {@code polder_} in the token's text. */
  public String word() {
    return word;
  }
}
