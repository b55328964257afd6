package dev.polder.sql.statement;

/** The kind of object that a statement's words claim a name to be. */
public enum ObjectKind {
  TABLE,
  VIEW
}
