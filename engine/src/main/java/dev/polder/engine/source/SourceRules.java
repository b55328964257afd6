package dev.polder.engine.source;

import dev.polder.federation.ConnectorProperty;
import dev.polder.federation.Connectors;
import dev.polder.federation.setup.SetupSql;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.source.OnStartFailure;
import dev.polder.metastore.source.SourceDefinition;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SourceAlias;
import dev.polder.model.SpaceKey;
import dev.polder.policy.admin.SourceAuthor;
import java.util.Map;
import java.util.Optional;

/**
 * What a definition must be, and who may author it. Immutable and thread-safe.
 *
 * @param connectors those that the server has
 */
record SourceRules(Connectors connectors) {
  private static final int MAX_SQL = 64 << 10;
  private static final int MAX_DESCRIPTION = 1024;
  private static final int MAX_PROPERTIES = 100;
  private static final int MAX_VALUE = 8192;

  /** The connector that shows tables of another database of the server. */
  private static final String POLDER = "polder";

  private static final String POLDER_DATABASE = "database";

  /** What a source becomes that is defined anew. */
  SourceDefinition made(SourceAlias alias, SourceInput input, Optional<SourceDefinition> before) {
    return checked(
        new SourceDefinition(
            alias,
            input.description(),
            either(alias, input.setupSql(), input.connector()),
            input.connector(),
            input.properties().orElse(Map.of()),
            input.readOnly().orElse(false),
            input.disabled().orElse(false),
            input.allowInlineSecrets().orElse(false),
            input.onStartFailure().map(SourceRules::onStartFailure).orElse(OnStartFailure.FAIL),
            input.extensionDirectory()),
        before);
  }

  /** What a source becomes of which some is changed. */
  SourceDefinition changed(SourceDefinition before, SourceInput input) {
    boolean other = input.setupSql().isPresent() || input.connector().isPresent();
    Optional<String> setupSql = other ? input.setupSql() : before.setupSql();
    Optional<String> connector = other ? input.connector() : before.connector();
    return checked(
        new SourceDefinition(
            before.alias(),
            input.clearDescription()
                ? Optional.empty()
                : input.description().or(before::description),
            either(before.alias(), setupSql, connector),
            connector,
            input.properties().orElseGet(() -> other ? Map.of() : before.properties()),
            input.readOnly().orElse(before.readOnly()),
            input.disabled().orElse(before.disabled()),
            input.allowInlineSecrets().orElse(before.allowInlineSecrets()),
            input.onStartFailure().map(SourceRules::onStartFailure).orElse(before.onStartFailure()),
            input.extensionDirectory().or(before::extensionDirectory)),
        Optional.of(before));
  }

  /** The SQL, where exactly one of the two is given. */
  private static Optional<String> either(
      SourceAlias alias, Optional<String> setupSql, Optional<String> connector) {
    if (setupSql.isPresent() == connector.isPresent()) {
      throw invalid("source '" + alias + "' needs exactly one of setupSql and connector");
    }
    return setupSql;
  }

  private static OnStartFailure onStartFailure(String word) {
    return OnStartFailure.parse(word)
        .orElseThrow(() -> invalid("onStartFailure must be 'fail' or 'skip'"));
  }

  /** What was sent back as it was shown stands for what is stored. */
  private SourceDefinition checked(SourceDefinition given, Optional<SourceDefinition> before) {
    SourceDefinition meant = before.map(stored -> restored(given, stored)).orElse(given);
    requireSizes(meant);
    meant
        .connector()
        .ifPresent(name -> connectors.check(meant.alias().value(), name, meant.properties()));
    boolean inline = LiteralSecrets.in(meant);
    if (meant.setupSql().filter(sql -> sql.contains(LiteralSecrets.REDACTED)).isPresent()
        || meant.properties().containsValue(LiteralSecrets.REDACTED)) {
      throw invalid(
          "there is no existing value to reuse for "
              + LiteralSecrets.REDACTED
              + "; name a secret, such as {{secret.PASSWORD}}");
    }
    meant.setupSql().ifPresent(sql -> SetupSql.parse(meant.alias().value(), sql));
    if (inline && !meant.allowInlineSecrets()) {
      throw invalid(
          "the definition of source '"
              + meant.alias()
              + "' spells out a credential; name a secret in its place, such as"
              + " {{secret.PASSWORD}}, or set allowInlineSecrets");
    }
    return meant;
  }

  private static SourceDefinition restored(SourceDefinition given, SourceDefinition stored) {
    SourceDefinition shown = LiteralSecrets.redacted(stored);
    boolean sameSql = given.setupSql().equals(shown.setupSql());
    boolean sameProperties = given.properties().equals(shown.properties());
    return new SourceDefinition(
        given.alias(),
        given.description(),
        sameSql ? stored.setupSql() : given.setupSql(),
        given.connector(),
        sameProperties ? stored.properties() : given.properties(),
        given.readOnly(),
        given.disabled(),
        given.allowInlineSecrets(),
        given.onStartFailure(),
        given.extensionDirectory());
  }

  private static void requireSizes(SourceDefinition definition) {
    require(definition.setupSql().map(String::length).orElse(0) <= MAX_SQL, "setupSql", MAX_SQL);
    require(
        definition.description().map(String::length).orElse(0) <= MAX_DESCRIPTION,
        "description",
        MAX_DESCRIPTION);
    require(
        definition.properties().values().stream().allMatch(value -> value.length() <= MAX_VALUE)
            && definition.extensionDirectory().map(String::length).orElse(0) <= MAX_VALUE,
        "a property",
        MAX_VALUE);
    if (definition.properties().size() > MAX_PROPERTIES) {
      throw invalid("a source has at most " + MAX_PROPERTIES + " properties");
    }
    if (definition.setupSql().filter(String::isBlank).isPresent()) {
      throw invalid("setupSql is empty");
    }
    if (definition.setupSql().isPresent() && !definition.properties().isEmpty()) {
      throw invalid("properties belong to a connector, not to setupSql");
    }
  }

  private static void require(boolean fits, String what, int most) {
    if (!fits) {
      throw invalid(what + " has more than " + most + " characters");
    }
  }

  static PolderException invalid(String message) {
    return new PolderException(ErrorCode.INVALID_PARAMETER, message);
  }

  /** Who may author the definition for a space. */
  SourceAuthor author(MetastoreTransaction tx, SpaceKey space, SourceDefinition definition) {
    if (definition.connector().isEmpty()) {
      return new SourceAuthor.Superuser("setupSql");
    }
    String connector = definition.connector().get();
    if (definition.extensionDirectory().isPresent()) {
      return new SourceAuthor.Superuser("extensionDirectory");
    }
    if (connector.equals(POLDER)) {
      return ofPolder(tx, space, definition);
    }
    return connectors.all().stream()
        .filter(known -> known.name().equals(connector))
        .findFirst()
        .filter(known -> !known.runsCode())
        .map(known ->
            known.properties().stream()
                .filter(property -> property.kind() == ConnectorProperty.Kind.LOCAL_PATH)
                .map(ConnectorProperty::name)
                .filter(definition.properties()::containsKey)
                .findFirst()
                .<SourceAuthor>map(name -> new SourceAuthor.Superuser("local path " + name))
                .orElse(new SourceAuthor.TenantAdministrator()))
        // It can run code; or what became of it is not known, nor what its properties were.
        .orElse(new SourceAuthor.Superuser("connector " + connector));
  }

  private static SourceAuthor ofPolder(
      MetastoreTransaction tx, SpaceKey space, SourceDefinition definition) {
    String name = definition.properties().getOrDefault(POLDER_DATABASE, "");
    Optional<Database> other;
    try {
      other = tx.databases().find(new DatabaseName(name));
    } catch (PolderException noName) {
      other = Optional.empty();
    }
    return other
        .filter(found -> tx.spaces().exists(new SpaceKey(found.id(), space.tenant())))
        .<SourceAuthor>map(found -> new SourceAuthor.OwnerOfBoth(found.id()))
        .orElse(new SourceAuthor.Superuser("a source of a database of others"));
  }
}
