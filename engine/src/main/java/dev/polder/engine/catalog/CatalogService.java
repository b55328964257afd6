package dev.polder.engine.catalog;

import dev.polder.policy.Identity;
import java.time.Duration;
import java.util.Optional;

/**
 * Opens databases as Iceberg catalogs for principals that may be in them. Every call of a catalog
 * checks the login and the rights anew. Thread-safe.
 */
public interface CatalogService {
  /**
   * A database by its name.
   *
   * @param warehouse {@code database} or {@code tenant@database}; empty for the principal's own
   *     default
   * @throws dev.polder.model.PolderException DATABASE_NOT_FOUND, ACCESS_DENIED
   */
  GovernedCatalog open(Identity who, Optional<String> warehouse);

  /**
   * A database by {@link GovernedCatalog#prefix()}, or by its name as above.
   *
   * @throws dev.polder.model.PolderException DATABASE_NOT_FOUND, ACCESS_DENIED
   */
  GovernedCatalog at(Identity who, String prefix);

  /** How long a request may be sent again under its key. */
  Duration keyLifetime();
}
