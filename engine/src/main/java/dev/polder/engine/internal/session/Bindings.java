package dev.polder.engine.internal.session;

import dev.polder.engine.internal.execute.EngineParts;
import dev.polder.engine.internal.execute.Rights;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which database a session works in: the one asked for, else the principal's default, else {@code
 * default}. A name that was asked for is bound or refused, never replaced. Stateless.
 */
public final class Bindings {
  private Bindings() {}

  /** The tenant of a session: a principal that has one can work in no other. */
  public static TenantId tenant(EngineParts engine, Identity identity, Optional<String> asked) {
    if (asked.isEmpty()) {
      return identity.tenant().orElse(TenantId.DEFAULT);
    }
    PolderException unknown =
        new PolderException(
            ErrorCode.TENANT_NOT_FOUND, "tenant " + shortened(asked.get()) + " does not exist");
    TenantId tenant;
    try {
      tenant = new TenantId(asked.get());
    } catch (PolderException e) {
      throw unknown;
    }
    boolean own = identity.tenant().map(tenant::equals).orElse(true);
    if (!own || !engine.metastore().read(tx -> tx.tenants().find(tenant).isPresent())) {
      throw unknown;
    }
    return tenant;
  }

  /** Binds, or refuses: DATABASE_NOT_FOUND, ACCESS_DENIED. */
  public static SessionState.Binding bind(
      EngineParts engine, Identity identity, TenantId tenant, Optional<DatabaseName> asked) {
    return engine
        .metastore()
        .read(tx -> {
          Rights.requireValid(tx, engine, identity);
          return bind(engine, tx, identity, tenant, asked);
        });
  }

  private static SessionState.Binding bind(
      EngineParts engine,
      MetastoreTransaction tx,
      Identity identity,
      TenantId tenant,
      Optional<DatabaseName> asked) {
    @Nullable DatabaseName name =
        asked
            .or(() ->
                tx.principals()
                    .find(identity.id())
                    .flatMap(principal -> principal.defaultDatabase()))
            .orElse(null);
    // Nothing asked for: the default database by its id, whatever it is called now.
    Database database =
        name == null
            ? tx.databases().get(DatabaseId.DEFAULT)
            : tx.databases().find(name).orElseThrow(() -> notFound(name));
    SpaceKey space = new SpaceKey(database.id(), tenant);
    if (tx.spaces().find(space).isEmpty()) {
      throw notFound(database.name());
    }
    if (!engine.accessControl().access(tx, identity, space).mayBind()) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED,
          "no grant on anything in database " + database.name() + "; ask an administrator for one");
    }
    return new SessionState.Binding(
        space,
        database.name(),
        database.defaultSchema().map(SchemaName::new).orElse(SchemaName.MAIN));
  }

  private static PolderException notFound(DatabaseName name) {
    return new PolderException(
        ErrorCode.DATABASE_NOT_FOUND,
        "database " + name + " does not exist; SHOW DATABASES lists those you may use");
  }

  private static String shortened(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }
}
