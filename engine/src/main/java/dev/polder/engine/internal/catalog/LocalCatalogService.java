package dev.polder.engine.internal.catalog;

import dev.polder.engine.catalog.CatalogService;
import dev.polder.engine.catalog.GovernedCatalog;
import dev.polder.engine.internal.delegation.DelegationTrail;
import dev.polder.engine.internal.execute.EngineParts;
import dev.polder.engine.internal.session.Bindings;
import dev.polder.engine.internal.session.SessionState;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.DeniedException;
import dev.polder.policy.Identity;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens the databases of this server as catalogs. Thread-safe. */
public final class LocalCatalogService implements CatalogService {
  /** No database's and no tenant's name has its first character. */
  private static final Pattern PREFIX = Pattern.compile("~(\\d{1,18})~([a-z0-9_]+)");

  private final EngineParts engine;
  private final CatalogParts parts;

  /**
   * @param keyLifetime how long a request may be sent again under its key
   */
  public LocalCatalogService(EngineParts engine, DelegationTrail trail, Duration keyLifetime) {
    this.engine = engine;
    this.parts =
        new CatalogParts(
            trail,
            new RequestKeys(engine.metastore(), keyLifetime),
            new ScanTurns(),
            new KeptNames());
  }

  static String prefix(CatalogScope scope) {
    return "~" + scope.space().database() + "~" + scope.space().tenant();
  }

  @Override
  public GovernedCatalog open(Identity who, Optional<String> warehouse) {
    String text = warehouse.filter(name -> !name.isEmpty()).orElse("");
    int at = text.indexOf('@');
    Optional<String> tenant = at < 0 ? Optional.empty() : Optional.of(text.substring(0, at));
    Optional<String> database = Optional.of(text.substring(at + 1)).filter(it -> !it.isEmpty());
    return bound(who, tenant, database.map(Bindings::name), text);
  }

  @Override
  public GovernedCatalog at(Identity who, String prefix) {
    Matcher matcher = PREFIX.matcher(prefix);
    if (!matcher.matches()) {
      return open(who, Optional.of(prefix));
    }
    DatabaseId id = new DatabaseId(Long.parseLong(matcher.group(1)));
    TenantId tenant = new TenantId(matcher.group(2));
    if (who.tenant().filter(own -> !own.equals(tenant)).isPresent()) {
      throw notFound(prefix);
    }
    // Whether it is there and may be used is looked at in the transaction of the work.
    return catalog(who, new SpaceKey(id, tenant), prefix);
  }

  private GovernedCatalog catalog(Identity who, SpaceKey space, String shown) {
    return new LocalGovernedCatalog(
        new CatalogScope(engine, who, space, shown, parts.names()), parts);
  }

  @Override
  public Duration keyLifetime() {
    return parts.keys().lifetime();
  }

  private GovernedCatalog bound(
      Identity who, Optional<String> tenant, Optional<DatabaseName> database, String shown) {
    TenantId in = Bindings.tenant(engine, who, tenant);
    try {
      SessionState.Binding binding = Bindings.bind(engine, who, in, database);
      return catalog(who, binding.space(), shown);
    } catch (DeniedException e) {
      engine
          .auditLog()
          .denied(
              who,
              e.database().map(id -> new SpaceKey(id, in)),
              "BIND",
              shown,
              String.valueOf(e.getMessage()),
              "");
      throw e;
    }
  }

  static PolderException notFound(String prefix) {
    String shown = prefix.length() > 80 ? prefix.substring(0, 80) + "…" : prefix;
    return new PolderException(
        ErrorCode.DATABASE_NOT_FOUND,
        "warehouse "
            + shown
            + " does not exist; ask GET /v1/config?warehouse=<database> for its"
            + " prefix");
  }
}
