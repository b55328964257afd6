package dev.polder.engine.internal.session;

import dev.polder.engine.internal.execute.EngineParts;
import dev.polder.engine.internal.execute.Rights;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.Tenant;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.Access;
import dev.polder.policy.DeniedException;
import dev.polder.policy.Identity;
import dev.polder.sql.authorise.SourcePlace;
import java.util.Optional;

/**
 * Which database a session works in: the one asked for, else the principal's default, else its
 * tenant's, else {@code default} by its id. What is found first is bound or refused: no other one
 * ever takes its place. Stateless.
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

  /** Binds, or refuses: DATABASE_NOT_FOUND, MIRROR_BOOTSTRAPPING, ACCESS_DENIED. */
  public static SessionState.Binding bind(
      EngineParts engine, Identity identity, TenantId tenant, Optional<DatabaseName> asked) {
    return engine
        .metastore()
        .read(tx -> {
          Rights.requireValid(tx, engine, identity);
          return bind(engine, tx, identity, tenant, asked);
        });
  }

  /** Binds to a space that another session of the same client is in. */
  public static SessionState.Binding bind(EngineParts engine, Identity identity, SpaceKey space) {
    return engine
        .metastore()
        .read(tx -> {
          Rights.requireValid(tx, engine, identity);
          return bind(engine, tx, identity, space.tenant(), tx.databases().get(space.database()));
        });
  }

  /** What a client gave as a database's name. One that cannot be a name is one of nothing. */
  public static DatabaseName name(String text) {
    try {
      return new DatabaseName(text);
    } catch (PolderException e) {
      throw notFound(shortened(text));
    }
  }

  /** Refuses when the login or the right to be in the space is gone. */
  static void requireBound(EngineParts engine, Identity identity, SpaceKey space) {
    engine
        .metastore()
        .read(tx -> {
          Rights.requireValid(tx, engine, identity);
          Database database = tx.databases().get(space.database());
          if (database.droppedAt().isPresent()) {
            throw notFound(database.name().value());
          }
          return bind(engine, tx, identity, space.tenant(), database);
        });
  }

  private static SessionState.Binding bind(
      EngineParts engine,
      MetastoreTransaction tx,
      Identity identity,
      TenantId tenant,
      Optional<DatabaseName> asked) {
    Database database =
        asked.isPresent()
            ? tx.databases().find(asked.get()).orElseThrow(() -> notFound(asked.get().value()))
            : byDefault(tx, identity, tenant);
    return bind(engine, tx, identity, tenant, database);
  }

  private static Database byDefault(MetastoreTransaction tx, Identity identity, TenantId tenant) {
    Optional<DatabaseId> ofUser =
        tx.principals().find(identity.id()).flatMap(Principal::defaultDatabase);
    DatabaseId id =
        ofUser
            .or(() -> tx.tenants().find(tenant).flatMap(Tenant::defaultDatabase))
            .orElse(DatabaseId.DEFAULT);
    Database database = tx.databases().get(id);
    if (database.droppedAt().isPresent()) {
      throw new PolderException(
          ErrorCode.DATABASE_NOT_FOUND,
          "database "
              + database.name()
              + ", the default of "
              + (ofUser.isPresent() ? "user " + identity.name() : "tenant " + tenant)
              + ", was dropped; name another one, and SET DEFAULT DATABASE anew");
    }
    return database;
  }

  private static SessionState.Binding bind(
      EngineParts engine,
      MetastoreTransaction tx,
      Identity identity,
      TenantId tenant,
      Database database) {
    SpaceKey space = new SpaceKey(database.id(), tenant);
    if (!tx.spaces().exists(space)) {
      requireFilled(engine, tx, identity, space);
      throw notFound(database.name().value());
    }
    var _ = access(engine, tx, identity, space, database);
    Optional<SourcePlace> place =
        database
            .defaultDatabase()
            .filter(alias -> !alias.equalsIgnoreCase(database.name().value()))
            .map(alias -> new SourcePlace(alias, database.defaultSchema().orElse("main")));
    return new SessionState.Binding(
        space,
        database.name(),
        database
            .defaultSchema()
            .filter(schema -> place.isEmpty())
            .map(SchemaName::new)
            .orElse(SchemaName.MAIN),
        place);
  }

  /** Who may know of a mirror that nothing is in yet is told how far it is. */
  public static void requireFilled(
      EngineParts engine, MetastoreTransaction tx, Identity identity, SpaceKey space) {
    tx.mirrors()
        .unfilled(space.database())
        .filter(mirror -> engine.accessControl().access(tx, identity, space).knowsDatabase())
        .ifPresent(tx.mirrors()::requireComplete);
  }

  /** The rights in a space that is there, of somebody who may be in it: else ACCESS_DENIED. */
  public static Access access(
      EngineParts engine,
      MetastoreTransaction tx,
      Identity identity,
      SpaceKey space,
      Database database) {
    Access access = engine.accessControl().access(tx, identity, space);
    if (!access.mayBind()) {
      throw new DeniedException(
          database.id(),
          "database " + database.name(),
          "no grant on anything in database " + database.name() + "; ask an administrator for one");
    }
    return access;
  }

  private static PolderException notFound(String name) {
    return new PolderException(
        ErrorCode.DATABASE_NOT_FOUND,
        "database " + name + " does not exist; SHOW DATABASES lists those you may use");
  }

  private static String shortened(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }
}
