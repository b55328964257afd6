package dev.polder.engine.source;

import dev.polder.federation.Connectors;
import dev.polder.metastore.source.Source;
import dev.polder.metastore.source.SourceDefinition;
import dev.polder.metastore.source.SourceSecret;
import dev.polder.model.Secret;
import dev.polder.model.SourceAlias;
import dev.polder.policy.admin.SourceAdministration;
import dev.polder.policy.admin.SourceAuthor;
import dev.polder.policy.admin.SourceGate;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Sources as manifests carry them: defined under the rules that hold for everybody, in the caller's
 * transaction, and shown without what is secret. Thread-safe.
 */
public final class ManifestSources {
  /** What stands in a secret's place. */
  public static final String REDACTED = LiteralSecrets.REDACTED;

  private final SourceRules rules;
  private final SourceReferences references;
  private final UnaryOperator<Secret> seal;

  /**
   * @param seal encrypts values of secrets
   */
  public ManifestSources(
      Connectors connectors, SourceReferences references, UnaryOperator<Secret> seal) {
    this.rules = new SourceRules(connectors);
    this.references = references;
    this.seal = seal;
  }

  /** A definition with each credential that is written out in it blotted out. */
  public static SourceDefinition redacted(SourceDefinition definition) {
    return LiteralSecrets.redacted(definition);
  }

  /** Defines a source, unless it is so already. */
  public Source put(SourceGate gate, String alias, SourceInput input) {
    SourceAlias checked = new SourceAlias(alias);
    Optional<Source> before = gate.find(alias);
    Optional<SourceDefinition> was = before.map(Source::definition);
    SourceDefinition wanted = rules.made(checked, input, was);
    if (was.equals(Optional.of(wanted))) {
      return before.orElseThrow();
    }
    return SourceAdministration.put(
        gate, wanted, author(gate, wanted), was.map(it -> author(gate, it)));
  }

  /** Deletes a source with its secrets, grants and policies. */
  public void delete(SourceGate gate, Source source) {
    SourceAdministration.delete(gate, source, author(gate, source.definition()));
  }

  /** Sets a secret; exactly one of value and reference is there. */
  public void putSecret(
      SourceGate gate,
      Source source,
      String name,
      Optional<Secret> value,
      Optional<String> externalRef) {
    externalRef.ifPresent(reference -> references.check(name, reference));
    SourceAdministration.putSecret(
        gate, source, author(gate, source.definition()), name, value.map(seal), externalRef);
  }

  /** Deletes a secret. */
  public void deleteSecret(SourceGate gate, Source source, SourceSecret secret) {
    SourceAdministration.deleteSecret(
        gate, source, author(gate, source.definition()), secret.name());
  }

  private SourceAuthor author(SourceGate gate, SourceDefinition definition) {
    return rules.author(gate.transaction(), gate.space(), definition);
  }
}
