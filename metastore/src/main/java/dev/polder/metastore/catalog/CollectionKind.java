package dev.polder.metastore.catalog;

/** What a collection is. */
public enum CollectionKind {
  TABLE,
  VIEW
}
