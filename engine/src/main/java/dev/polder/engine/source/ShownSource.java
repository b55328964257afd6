package dev.polder.engine.source;

import dev.polder.metastore.source.Source;
import dev.polder.metastore.source.SourceDefinition;
import java.util.Map;
import java.util.Optional;

/**
 * A source as it may be shown: literal secrets in its definition are redacted. Immutable; prints
 * neither SQL nor properties.
 *
 * @param database the database's number
 * @param createdAt microseconds since the epoch
 * @param updatedAt microseconds since the epoch
 */
public record ShownSource(
    String id,
    long database,
    String alias,
    Optional<String> description,
    Optional<String> setupSql,
    Optional<String> connector,
    Map<String, String> properties,
    boolean readOnly,
    boolean disabled,
    boolean allowInlineSecrets,
    String onStartFailure,
    Optional<String> extensionDirectory,
    long revision,
    long createdAt,
    long updatedAt) {
  public ShownSource {
    properties = Map.copyOf(properties);
  }

  static ShownSource of(Source source) {
    SourceDefinition definition = LiteralSecrets.redacted(source.definition());
    return new ShownSource(
        source.id().value(),
        source.space().database().value(),
        source.alias().value(),
        definition.description(),
        definition.setupSql(),
        definition.connector(),
        definition.properties(),
        definition.readOnly(),
        definition.disabled(),
        definition.allowInlineSecrets(),
        definition.onStartFailure().word(),
        definition.extensionDirectory(),
        source.revision(),
        source.createdAt(),
        source.updatedAt());
  }

  @Override
  public String toString() {
    return "source " + alias;
  }
}
