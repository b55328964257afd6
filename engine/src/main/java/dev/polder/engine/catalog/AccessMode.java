package dev.polder.engine.catalog;

/** How an engine can be let at a table's files. */
public enum AccessMode {
  /** By keys that end by themselves and open that table's files alone. */
  VENDED_CREDENTIALS("vended-credentials"),
  /** By asking the server to sign each request. */
  REMOTE_SIGNING("remote-signing");

  private final String word;

  AccessMode(String word) {
    this.word = word;
  }

  /** As the Iceberg specification has it. */
  public String word() {
    return word;
  }
}
