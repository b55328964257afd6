package dev.polder.metastore.access;

/** What a token was made for. */
public enum TokenKind {
  API_KEY,
  PERSONAL,
  /** From a login; short-lived. */
  SESSION
}
