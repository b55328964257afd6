package dev.polder.model;

import java.util.EnumSet;
import java.util.Set;

/**
 * What can be held on a whole database, weakest first: each holds what those before it do. Unlike a
 * grant on a space it is on the database itself, and reaches each space that its holder may enter.
 */
public enum DatabaseRole {
  /** Reads all tables and views. */
  READER,
  /** Reads and changes all rows. */
  EDITOR,
  /** Does everything with what is in the database, and configures the database itself. */
  OWNER;

  /** What it gives on everything in the database. */
  public Set<Privilege> privileges() {
    return switch (this) {
      case READER -> EnumSet.of(Privilege.SELECT);
      case EDITOR ->
          EnumSet.of(Privilege.SELECT, Privilege.INSERT, Privilege.UPDATE, Privilege.DELETE);
      case OWNER -> EnumSet.allOf(Privilege.class);
    };
  }

  /** As statements name it, for example {@code DATABASE_READER}. */
  public String word() {
    return "DATABASE_" + name();
  }
}
