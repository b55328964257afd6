package dev.polder.lake;

/** What a transaction may not miss of others' commits; decides which validations a commit runs. */
public enum IsolationLevel {
  /** Lost updates are impossible; two transactions may read what the other one changes. */
  SNAPSHOT,
  /** As if the transactions had run one after the other: what was read is validated too. */
  SERIALIZABLE
}
