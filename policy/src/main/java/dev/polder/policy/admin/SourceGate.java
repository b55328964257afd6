package dev.polder.policy.admin;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.source.Source;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.DatabaseRole;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SourceAlias;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lets administration of the sources of one space pass, with the rights as they are in the
 * transaction at hand. Not thread-safe.
 */
public final class SourceGate {
  private final MetastoreTransaction tx;
  private final Actor acting;
  private final SpaceKey space;

  private SourceGate(MetastoreTransaction tx, Actor acting, SpaceKey space) {
    this.tx = tx;
    this.acting = acting;
    this.space = space;
  }

  /**
   * The gate before a tenant's sources in a database. Whether another tenant, or a database of
   * others, exists is told to nobody.
   *
   * @param database its full name
   * @throws PolderException TENANT_FORBIDDEN, ADMIN_REQUIRED, DATABASE_NOT_FOUND
   */
  public static SourceGate of(
      MetastoreTransaction tx, Identity actor, String tenant, String database) {
    Actor acting = Actor.of(tx, actor);
    Optional<TenantId> named = name(() -> new TenantId(tenant));
    if (!acting.superuser() && !named.equals(acting.principal().tenant())) {
      throw new PolderException(
          ErrorCode.TENANT_FORBIDDEN, "you may not administer tenant '" + tenant + "'");
    }
    Optional<SpaceKey> space =
        name(() -> new DatabaseName(database))
            .flatMap(tx.databases()::find)
            .map(Database::id)
            .flatMap(id -> named.map(of -> new SpaceKey(id, of)))
            .filter(tx.spaces()::exists);
    boolean owner = space.map(key -> owns(acting, key.database())).orElse(false);
    if (!acting.administers(named) && !owner) {
      throw new PolderException(
          ErrorCode.ADMIN_REQUIRED,
          "only a superuser or a tenant_admin of '" + tenant + "' may administer its sources");
    }
    return new SourceGate(
        tx,
        acting,
        space.orElseThrow(() ->
            new PolderException(
                ErrorCode.DATABASE_NOT_FOUND,
                "tenant-db '" + database + "' not found in tenant '" + tenant + "'")));
  }

  private static <T> Optional<T> name(Supplier<T> parsed) {
    try {
      return Optional.of(parsed.get());
    } catch (PolderException noName) {
      return Optional.empty();
    }
  }

  private static boolean owns(Actor acting, DatabaseId database) {
    return acting.databaseRoles(database).contains(DatabaseRole.OWNER);
  }

  public MetastoreTransaction transaction() {
    return tx;
  }

  public SpaceKey space() {
    return space;
  }

  public Optional<Source> find(String alias) {
    return SourceAlias.of(alias).flatMap(it -> tx.sources().find(space, it));
  }

  public static PolderException notFound(String alias) {
    return new PolderException(ErrorCode.SOURCE_NOT_FOUND, "source '" + alias + "' not found");
  }

  Identity actor() {
    return acting.identity();
  }

  /** Whether the actor administers the space's tenant, and does not just own its database. */
  public boolean administers() {
    return acting.administers(Optional.of(space.tenant()));
  }

  /** Refuses who may not have a source be so. */
  public void require(SourceAuthor author) {
    if (!permits(author)) {
      throw refused(author);
    }
  }

  private boolean permits(SourceAuthor author) {
    return acting.superuser()
        || switch (author) {
          case SourceAuthor.Superuser ignored -> false;
          case SourceAuthor.TenantAdministrator() -> administers();
          case SourceAuthor.OwnerOfBoth(DatabaseId other) ->
              owns(acting, space.database()) && owns(acting, other);
        };
  }

  private PolderException refused(SourceAuthor author) {
    return switch (author) {
      case SourceAuthor.Superuser(String reason) ->
          new PolderException(
              ErrorCode.SUPERUSER_REQUIRED, "only a superuser may author " + reason);
      case SourceAuthor.TenantAdministrator() ->
          new PolderException(
              ErrorCode.ADMIN_REQUIRED,
              "only a superuser or a tenant_admin of '"
                  + space.tenant()
                  + "' may author this source");
      case SourceAuthor.OwnerOfBoth ignored ->
          new PolderException(
              ErrorCode.ADMIN_REQUIRED,
              "only a superuser or who is DATABASE_OWNER of both databases may author this source");
    };
  }

  /**
   * Whether the actor may see, disable and delete a source: an administrator of its tenant every
   * one, others what they may author.
   */
  public boolean sees(SourceAuthor author) {
    return administers() || permits(author);
  }
}
