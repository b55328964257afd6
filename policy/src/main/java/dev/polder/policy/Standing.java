package dev.polder.policy;

/** In what capacity somebody acts on a database. One actor can have several. */
public enum Standing {
  SUPERUSER("a superuser"),
  /** Holds the server's role {@code cluster_admin}. */
  CLUSTER_ADMIN("a cluster_admin"),
  OWNER("a DATABASE_OWNER"),
  /** Owners are editors too. */
  EDITOR("a DATABASE_EDITOR"),
  /** Editors are readers too. */
  READER("a DATABASE_READER"),
  /** What is acted on is one's own. */
  SELF("the user itself");

  private final String words;

  Standing(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }
}
