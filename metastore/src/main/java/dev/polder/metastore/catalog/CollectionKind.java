package dev.polder.metastore.catalog;

import java.util.Locale;

/** What a collection is. */
public enum CollectionKind {
  TABLE,
  VIEW,
  /** A table of a format that the server does not read: a name, rights and a definition. */
  GENERIC;

  /** As messages and lists call it. */
  public String word() {
    return this == GENERIC ? "generic table" : name().toLowerCase(Locale.ROOT);
  }
}
