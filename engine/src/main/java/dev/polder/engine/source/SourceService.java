package dev.polder.engine.source;

import dev.polder.engine.internal.execute.EngineParts;
import dev.polder.engine.internal.execute.Rights;
import dev.polder.federation.Connectors;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.source.Source;
import dev.polder.metastore.source.SourceDefinition;
import dev.polder.metastore.source.SourceSecret;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import dev.polder.model.SourceAlias;
import dev.polder.policy.Identity;
import dev.polder.policy.admin.SourceAdministration;
import dev.polder.policy.admin.SourceAuthor;
import dev.polder.policy.admin.SourceGate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Administers the sources of a tenant in a database. Each call is one metastore transaction, which
 * begins by making sure that the login still counts; refusals are told to the audit trail. What is
 * answered holds no secret. Thread-safe.
 */
public final class SourceService {
  private final EngineParts engine;
  private final SourceRules rules;
  private final SourceReferences references;
  private final SourceBrowser browser;

  public SourceService(
      EngineParts engine,
      Connectors connectors,
      SourceReferences references,
      SourceBrowser browser) {
    this.engine = engine;
    this.rules = new SourceRules(connectors);
    this.references = references;
    this.browser = browser;
  }

  /**
   * Whose sources, for whom.
   *
   * @param tenant as given
   * @param database its full name, as given
   */
  public record Scope(Identity actor, String tenant, String database) {}

  /** Those that the actor may see, by alias. */
  public List<ShownSource> list(Scope scope) {
    return read(
        scope,
        "LIST SOURCES",
        gate ->
            gate.transaction().sources().list(gate.space()).stream()
                .filter(source -> gate.sees(author(gate, source.definition())))
                .map(ShownSource::of)
                .toList());
  }

  public ShownSource get(Scope scope, String alias) {
    return ShownSource.of(look(scope, "READ SOURCE", alias));
  }

  /** Creates a source, or defines the one of that alias anew; it keeps its identity. */
  public ShownSource put(Scope scope, String alias, SourceInput input) {
    SourceAlias checked = new SourceAlias(alias);
    return write(
        scope,
        "PUT SOURCE",
        gate -> {
          Optional<SourceDefinition> before = gate.find(alias).map(Source::definition);
          return put(gate, rules.made(checked, input, before), before);
        });
  }

  /** Changes what is said of a source. */
  public ShownSource change(Scope scope, String alias, SourceInput input) {
    return write(
        scope,
        "CHANGE SOURCE",
        gate -> {
          SourceDefinition before = seen(gate, alias).definition();
          return put(gate, rules.changed(before, input), Optional.of(before));
        });
  }

  private ShownSource put(
      SourceGate gate, SourceDefinition definition, Optional<SourceDefinition> before) {
    return ShownSource.of(
        SourceAdministration.put(
            gate, definition, author(gate, definition), before.map(it -> author(gate, it))));
  }

  private SourceAuthor author(SourceGate gate, SourceDefinition definition) {
    return rules.author(gate.transaction(), gate.space(), definition);
  }

  /** Deletes a source with its secrets, grants and policies. */
  public void delete(Scope scope, String alias) {
    write(
        scope,
        "DELETE SOURCE",
        gate -> {
          Source source = seen(gate, alias);
          SourceAdministration.delete(gate, source, author(gate, source.definition()));
          return source;
        });
  }

  /** By name; without their values. */
  public List<ShownSecret> secrets(Scope scope, String alias) {
    return read(
        scope,
        "LIST SECRETS",
        gate ->
            gate.transaction().sources().secrets(seen(gate, alias).id()).stream()
                .map(ShownSecret::of)
                .toList());
  }

  /** Sets a secret: either its value or where another store keeps it. */
  public ShownSecret putSecret(
      Scope scope,
      String alias,
      String name,
      Optional<Secret> value,
      Optional<String> externalRef) {
    if (value.isPresent() && externalRef.isPresent()) {
      throw SourceRules.invalid("exactly one of value/externalRef must be set");
    }
    if (value.isEmpty() && externalRef.isEmpty()) {
      throw SourceRules.invalid("one of value or externalRef must be provided");
    }
    if (value.filter(it -> it.reveal().equals(LiteralSecrets.REDACTED)).isPresent()) {
      throw SourceRules.invalid(
          LiteralSecrets.REDACTED + " is what is shown in a value's place, and no value");
    }
    Optional<Secret> sealed = value.map(engine.lake().secrets()::seal);
    return write(
        scope,
        "SET SECRET",
        gate -> {
          Source source = seen(gate, alias);
          SourceSecret set =
              SourceAdministration.putSecret(
                  gate, source, author(gate, source.definition()), name, sealed, externalRef);
          externalRef.ifPresent(reference -> references.check(name, reference));
          return ShownSecret.of(set);
        });
  }

  public void deleteSecret(Scope scope, String alias, String name) {
    write(
        scope,
        "DELETE SECRET",
        gate -> {
          Source source = seen(gate, alias);
          SourceAdministration.deleteSecret(gate, source, author(gate, source.definition()), name);
          return source;
        });
  }

  /** Connects to a source, also to a disabled one. */
  public SourceBrowser.Trial test(Scope scope, String alias) {
    return browser.test(look(scope, "TEST SOURCE", alias));
  }

  public List<SourceBrowser.Attachment> status(Scope scope, String alias) {
    return browser.status(look(scope, "READ SOURCE", alias));
  }

  public List<String> schemas(Scope scope, String alias) {
    return browser.schemas(look(scope, "BROWSE SOURCE", alias));
  }

  public List<SourceBrowser.Listed> tables(Scope scope, String alias, String schema) {
    return browser.tables(look(scope, "BROWSE SOURCE", alias), schema);
  }

  public List<SourceBrowser.Column> columns(
      Scope scope, String alias, String schema, String table) {
    return browser.columns(look(scope, "BROWSE SOURCE", alias), schema, table);
  }

  /** The source, for those who may look into it; no transaction is open while they do. */
  private Source look(Scope scope, String operation, String alias) {
    return read(scope, operation, gate -> seen(gate, alias));
  }

  private Source seen(SourceGate gate, String alias) {
    return gate.find(alias)
        .filter(source -> gate.sees(author(gate, source.definition())))
        .orElseThrow(() -> SourceGate.notFound(alias));
  }

  private <T> T read(Scope scope, String operation, Function<SourceGate, T> work) {
    return audited(
        scope, operation, () -> engine.metastore().read(tx -> work.apply(gate(tx, scope))));
  }

  private <T> T write(Scope scope, String operation, Function<SourceGate, T> work) {
    return audited(
        scope, operation, () -> engine.metastore().write(tx -> work.apply(gate(tx, scope))));
  }

  private SourceGate gate(MetastoreTransaction tx, Scope scope) {
    Rights.requireValid(tx, engine, scope.actor());
    return SourceGate.of(tx, scope.actor(), scope.tenant(), scope.database());
  }

  private <T> T audited(Scope scope, String operation, Supplier<T> work) {
    try {
      return work.get();
    } catch (PolderException e) {
      switch (e.code()) {
        case ACCESS_DENIED, SUPERUSER_REQUIRED, TENANT_FORBIDDEN, ADMIN_REQUIRED ->
            engine
                .auditLog()
                .denied(
                    scope.actor(),
                    Optional.empty(),
                    operation,
                    shortened(scope.tenant() + "/" + scope.database()),
                    String.valueOf(e.getMessage()),
                    "");
        default -> {}
      }
      throw e;
    }
  }

  private static String shortened(String text) {
    return text.length() > 200 ? text.substring(0, 200) + "…" : text;
  }
}
