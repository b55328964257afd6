package dev.polder.engine.management;

import java.util.List;
import java.util.Optional;

/**
 * A privilege of a catalog's role on something in the catalog, in Polaris' words. Immutable.
 *
 * @param namespace empty for the catalog itself
 * @param name of a table or view
 */
public record GrantResource(
    Kind kind, List<String> namespace, Optional<String> name, CatalogPrivilege privilege) {
  public GrantResource {
    namespace = List.copyOf(namespace);
  }

  /** What a privilege can be on. */
  public enum Kind {
    CATALOG,
    NAMESPACE,
    TABLE,
    VIEW
  }
}
