package dev.polder.metastore.source;

import dev.polder.model.SourceAlias;
import java.util.Map;
import java.util.Optional;

/**
 * What a source is told to be. Exactly one of setup SQL and connector is there. Immutable; prints
 * neither SQL nor properties, for a secret may stand in them.
 *
 * @param setupSql what DuckDB runs to attach it
 * @param connector the name of the connector that reaches it, with the properties
 * @param extensionDirectory where setup SQL finds extensions; empty: the server's own place
 */
public record SourceDefinition(
    SourceAlias alias,
    Optional<String> description,
    Optional<String> setupSql,
    Optional<String> connector,
    Map<String, String> properties,
    boolean readOnly,
    boolean disabled,
    boolean allowInlineSecrets,
    OnStartFailure onStartFailure,
    Optional<String> extensionDirectory) {
  public SourceDefinition {
    properties = Map.copyOf(properties);
    if (setupSql.isPresent() == connector.isPresent()) {
      throw new IllegalArgumentException("a source has either setup SQL or a connector");
    }
  }

  /** Of setup SQL, and nothing else than by default. */
  public static SourceDefinition ofSetupSql(SourceAlias alias, String sql) {
    return new SourceDefinition(
        alias,
        Optional.empty(),
        Optional.of(sql),
        Optional.empty(),
        Map.of(),
        false,
        false,
        false,
        OnStartFailure.FAIL,
        Optional.empty());
  }

  /** Of a connector, and nothing else than by default. */
  public static SourceDefinition ofConnector(
      SourceAlias alias, String connector, Map<String, String> properties, boolean readOnly) {
    return new SourceDefinition(
        alias,
        Optional.empty(),
        Optional.empty(),
        Optional.of(connector),
        properties,
        readOnly,
        false,
        false,
        OnStartFailure.FAIL,
        Optional.empty());
  }

  /** Whether the other one differs in nothing but its description and whether it is disabled. */
  public boolean sameBut(SourceDefinition other) {
    return equals(
        new SourceDefinition(
            other.alias,
            description,
            other.setupSql,
            other.connector,
            other.properties,
            other.readOnly,
            disabled,
            other.allowInlineSecrets,
            other.onStartFailure,
            other.extensionDirectory));
  }

  @Override
  public String toString() {
    return "source " + alias;
  }
}
