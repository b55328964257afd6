package dev.polder.sql.catalog;

import java.util.List;

/**
 * Everything in a space that the session's principal may see.
 *
 * @param database name of the bound database: the catalog of all rows
 * @param principal the session's principal
 * @param databases names of the databases that the principal may bind to
 */
public record VisibleSpace(
    String database,
    String principal,
    List<String> databases,
    List<String> schemas,
    List<VisibleCollection> collections) {
  public VisibleSpace {
    databases = List.copyOf(databases);
    schemas = List.copyOf(schemas);
    collections = List.copyOf(collections);
  }
}
