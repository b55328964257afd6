package dev.polder.engine.source;

import dev.polder.metastore.source.Source;

/**
 * A source as it may be shown: literal secrets in its definition are redacted. Immutable.
 *
 * @param database the database's number
 */
public record ShownSource(long database, Source source) {
  static ShownSource of(Source source) {
    return new ShownSource(
        source.space().database().value(),
        new Source(
            source.id(),
            source.space(),
            LiteralSecrets.redacted(source.definition()),
            source.revision(),
            source.createdBy(),
            source.createdAt(),
            source.updatedAt()));
  }
}
