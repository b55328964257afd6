package dev.polder.engine.source;

import dev.polder.metastore.source.SourceSecret;
import java.util.Optional;

/**
 * A source's secret without its value. Immutable.
 *
 * @param source the source's identity
 * @param stored whether it has a value here, and not a reference to another store
 */
public record ShownSecret(
    String id, String source, String name, boolean stored, Optional<String> externalRef) {
  static ShownSecret of(SourceSecret secret) {
    return new ShownSecret(
        secret.id(),
        secret.source().value(),
        secret.name(),
        secret.sealed().isPresent(),
        secret.externalRef());
  }
}
