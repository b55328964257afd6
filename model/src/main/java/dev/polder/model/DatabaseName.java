package dev.polder.model;

import java.util.Locale;

/** A database's name, lower-cased; unique in the server and changeable. */
public record DatabaseName(String value) {
  public static final DatabaseName DEFAULT = new DatabaseName("default");

  public DatabaseName {
    value = Names.identifier("database", value).toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return value;
  }
}
