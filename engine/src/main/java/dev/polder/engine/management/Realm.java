package dev.polder.engine.management;

import dev.polder.engine.internal.execute.EngineParts;
import dev.polder.engine.internal.execute.Rights;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.RoleRef;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import dev.polder.policy.admin.GrantAdministration;
import dev.polder.policy.admin.RoleAdministration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One tenant's principals, roles and catalogs for one principal. Each call is one metastore
 * transaction, which begins by making sure that the login still counts; refusals are told to the
 * audit trail. Who may do what is decided by {@code policy.admin}, as for SQL. Thread-safe.
 */
public final class Realm {
  private final EngineParts engine;
  private final Identity actor;
  private final TenantId tenant;

  Realm(EngineParts engine, Identity actor, TenantId tenant) {
    this.engine = engine;
    this.actor = actor;
    this.tenant = tenant;
  }

  public Principals principals() {
    return new Principals(this);
  }

  public PrincipalRoles principalRoles() {
    return new PrincipalRoles(this);
  }

  public Catalogs catalogs() {
    return new Catalogs(this);
  }

  public CatalogRoles catalogRoles() {
    return new CatalogRoles(this);
  }

  public CatalogGrants grants() {
    return new CatalogGrants(this);
  }

  EngineParts engine() {
    return engine;
  }

  Identity actor() {
    return actor;
  }

  TenantId tenant() {
    return tenant;
  }

  Optional<TenantId> owner() {
    return Optional.of(tenant);
  }

  /**
   * Reads.
   *
   * @param operation for the audit trail, should it be refused
   */
  <T> T read(String operation, String object, Metastore.Work<T> work) {
    return audited(operation, object, () -> engine.metastore().read(tx -> valid(tx, work)));
  }

  <T> T write(String operation, String object, Metastore.Work<T> work) {
    return audited(operation, object, () -> engine.metastore().write(tx -> valid(tx, work)));
  }

  private <T> T valid(MetastoreTransaction tx, Metastore.Work<T> work) {
    Rights.requireValid(tx, engine, actor);
    return work.run(tx);
  }

  private <T> T audited(String operation, String object, Supplier<T> work) {
    try {
      return work.get();
    } catch (PolderException e) {
      if (e.code() == ErrorCode.ACCESS_DENIED) {
        engine
            .auditLog()
            .denied(actor, Optional.empty(), operation, object, String.valueOf(e.getMessage()), "");
      }
      throw e;
    }
  }

  /** A database with a space of the tenant, if the principal may be in it or administers it. */
  Database catalog(MetastoreTransaction tx, DatabaseName name) {
    return tx.databases()
        .find(name)
        .filter(found -> visible(tx, found))
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.DATABASE_NOT_FOUND, "catalog '" + name + "' does not exist"));
  }

  boolean visible(MetastoreTransaction tx, Database database) {
    SpaceKey space = new SpaceKey(database.id(), tenant);
    return tx.spaces().exists(space) && engine.accessControl().access(tx, actor, space).mayBind();
  }

  /** One of the tenant's own roles; none of the server's takes its place. */
  Role role(MetastoreTransaction tx, RoleRef ref) {
    ref.database().ifPresent(name -> catalog(tx, name));
    Role found = RoleAdministration.get(tx, actor, owner(), ref);
    if (!found.tenant().equals(owner())) {
      throw new PolderException(ErrorCode.ROLE_NOT_FOUND, "role '" + ref + "' does not exist");
    }
    return found;
  }

  static Described described(MetastoreTransaction tx, Role role) {
    return Described.of(role.name().value(), role.createdAt(), tx.properties().of(role.id()));
  }

  static List<Described> described(MetastoreTransaction tx, List<Role> roles) {
    return roles.stream().map(role -> described(tx, role)).toList();
  }

  /** Fails when a role was not held. */
  static void requireTaken(boolean taken, RoleRef role, String from) {
    if (!taken) {
      throw new PolderException(
          ErrorCode.ROLE_NOT_FOUND, "role '" + role + "' is not assigned to " + from);
    }
  }

  static RoleRef ref(MetastoreTransaction tx, Role role) {
    return GrantAdministration.ref(tx, role);
  }

  static <T> List<T> all(Function<Optional<String>, Page<T>> list) {
    List<T> all = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      Page<T> page = list.apply(after);
      all.addAll(page.items());
      after = page.next();
    } while (after.isPresent());
    return all;
  }
}
