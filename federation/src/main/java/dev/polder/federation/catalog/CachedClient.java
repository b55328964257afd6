package dev.polder.federation.catalog;

import dev.polder.federation.SourceClient;
import dev.polder.sql.remote.RemoteTable;
import java.util.List;
import java.util.Optional;

/** A client that remembers its source's tables for some seconds. */
public interface CachedClient extends SourceClient {
  CatalogCache catalog();

  @Override
  default List<String> schemas() {
    return catalog().schemas();
  }

  @Override
  default List<Listed> tables(String schema) {
    return catalog().tables(schema);
  }

  @Override
  default Optional<RemoteTable> table(String schema, String name) {
    return catalog().table(schema, name);
  }

  @Override
  default void invalidate() {
    catalog().invalidate();
  }
}
