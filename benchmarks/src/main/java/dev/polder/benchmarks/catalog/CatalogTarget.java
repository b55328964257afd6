package dev.polder.benchmarks.catalog;

import java.net.URI;
import java.util.Optional;

/**
 * A running catalog and how it is spoken to. Immutable.
 *
 * @param name as the tables show it
 * @param base what stands before {@code /v1}
 */
public record CatalogTarget(
    String name, URI base, Optional<String> token, Optional<String> warehouse) {
  static CatalogTarget open(String name, URI base) {
    return new CatalogTarget(name, base, Optional.empty(), Optional.empty());
  }

  String config() {
    return "/v1/config" + warehouse.map(it -> "?warehouse=" + it).orElse("");
  }
}
