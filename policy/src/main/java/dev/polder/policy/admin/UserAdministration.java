package dev.polder.policy.admin;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.TokenKind;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.Secret;
import dev.polder.model.TenantId;
import dev.polder.policy.DatabaseOperation;
import dev.polder.policy.Identity;
import dev.polder.policy.NewPassword;
import dev.polder.policy.Standing;
import dev.polder.policy.internal.AuditRows;
import dev.polder.policy.internal.BuiltIn;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Creates, changes, drops and lists users and services. Superusers administer all, a {@code
 * tenant_admin} those of its tenant, everybody their own password. The last superuser who can log
 * in stays. Stateless; each call belongs to the caller's transaction.
 */
public final class UserAdministration {
  private UserAdministration() {}

  public static User create(MetastoreTransaction tx, Identity actor, NewUser user) {
    Actor acting = Actor.of(tx, actor);
    acting.requireAdministrationOf(user.tenant(), "create users");
    if (user.superuser()) {
      acting.requireSuperuser("create superusers");
      requireNoTenant(user.tenant());
    }
    requireNotReserved(user.name());
    Principal created =
        tx.principals()
            .create(
                user.name(),
                user.tenant(),
                user.kind(),
                user.password().map(UserAdministration::stored),
                user.superuser());
    audit(
        tx,
        actor,
        EventType.USER_CREATED,
        created,
        Map.of(
            "tenant", user.tenant().map(TenantId::value).orElse(""),
            "superuser", Boolean.toString(user.superuser())));
    return User.of(created);
  }

  /** Drops a user with its tokens, memberships and own grants. Nobody drops themselves. */
  public static void drop(MetastoreTransaction tx, Identity actor, PrincipalName name) {
    Actor acting = Actor.of(tx, actor);
    Principal user = administered(acting, name, "drop users");
    if (acting.is(user)) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED, "nobody drops themselves; ask another administrator");
    }
    requireAnotherAdministrator(tx, user);
    tx.principals().delete(user.id());
    audit(tx, actor, EventType.USER_DROPPED, user, Map.of());
  }

  /**
   * Sets a password and ends the user's sessions. One's own can be set too, but not by a session
   * that came with a personal token or an API key: a leaked one must not take the account over.
   */
  public static void setPassword(
      MetastoreTransaction tx, Identity actor, PrincipalName name, NewPassword password) {
    Actor acting = Actor.of(tx, actor);
    Principal user = acting.principal(name);
    requireNotReserved(name);
    if (acting.is(user)) {
      TokenAdministration.requireLogin(tx, actor, "change the password");
    } else {
      acting.requireAdministrationOf(user.tenant(), "set the passwords of others");
    }
    tx.principals().setPasswordHash(user.id(), Optional.of(stored(password)));
    tx.tokens().revokeAll(user.id(), TokenKind.SESSION);
    audit(tx, actor, EventType.PASSWORD_CHANGED, user, Map.of());
  }

  /** A disabled user cannot log in, and its sessions end at their next statement. */
  public static void setDisabled(
      MetastoreTransaction tx, Identity actor, PrincipalName name, boolean disabled) {
    Actor acting = Actor.of(tx, actor);
    Principal user = administered(acting, name, "disable or enable users");
    if (disabled) {
      requireAnotherAdministrator(tx, user);
      tx.tokens().revokeAll(user.id(), TokenKind.SESSION);
    }
    tx.principals().setDisabled(user.id(), disabled);
    audit(tx, actor, disabled ? EventType.USER_DISABLED : EventType.USER_ENABLED, user, Map.of());
  }

  public static void setSuperuser(
      MetastoreTransaction tx, Identity actor, PrincipalName name, boolean superuser) {
    Actor acting = Actor.of(tx, actor);
    acting.requireSuperuser("make or unmake superusers");
    Principal user = acting.principal(name);
    if (superuser) {
      requireNoTenant(user.tenant());
    } else {
      requireAnotherAdministrator(tx, user);
    }
    tx.principals().setSuperuser(user.id(), superuser);
    audit(
        tx,
        actor,
        EventType.SUPERUSER_CHANGED,
        user,
        Map.of("superuser", Boolean.toString(superuser)));
  }

  /**
   * Sets where the user's sessions begin when they name no database.
   *
   * @param session the tenant that the actor works in
   * @param database empty: none. Who sets the own one must be able to bind to it; for others it
   *     must hold a space of theirs
   */
  public static void setDefaultDatabase(
      MetastoreTransaction tx,
      Identity actor,
      TenantId session,
      PrincipalName name,
      Optional<DatabaseName> database) {
    Actor acting = Actor.of(tx, actor);
    Principal user = acting.principal(name);
    EnumSet<Standing> standings = acting.standings();
    if (acting.isWholly(user)) {
      standings.add(Standing.SELF);
    }
    DatabaseOperation.SET_USER_DEFAULT.decide(standings).require();
    Optional<Database> found =
        database.map(wanted -> DefaultDatabases.find(tx, acting, user, session, wanted));
    tx.principals().setDefaultDatabase(user.id(), found.map(Database::id));
    audit(
        tx,
        actor,
        EventType.DEFAULT_DATABASE_CHANGED,
        user,
        Map.of("database", database.map(DatabaseName::value).orElse("")));
  }

  public static User get(MetastoreTransaction tx, Identity actor, PrincipalName name) {
    return User.of(Actor.of(tx, actor).principal(name));
  }

  /**
   * Users by name: of one tenant, or of all for a superuser who names none. Who administers nothing
   * sees only themselves.
   */
  public static Page<User> list(
      MetastoreTransaction tx,
      Identity actor,
      Optional<TenantId> tenant,
      Optional<String> after,
      int limit) {
    Actor acting = Actor.of(tx, actor);
    Page<Principal> page;
    if (acting.superuser()) {
      page =
          tenant.isEmpty()
              ? tx.principals().list(after, limit)
              : tx.principals().list(tenant, after, limit);
    } else if (acting.administers(acting.principal().tenant())) {
      acting.requireAdministrationOf(tenant.or(acting.principal()::tenant), "list users");
      page = tx.principals().list(acting.principal().tenant(), after, limit);
    } else {
      boolean shown =
          after.isEmpty() || acting.principal().name().value().compareTo(after.get()) > 0;
      page = new Page<>(shown ? List.of(acting.principal()) : List.of(), Optional.empty());
    }
    return new Page<>(page.items().stream().map(User::of).toList(), page.next());
  }

  private static Principal administered(Actor acting, PrincipalName name, String action) {
    Principal user = acting.principal(name);
    acting.requireAdministrationOf(user.tenant(), action);
    return user;
  }

  private static void requireAnotherAdministrator(MetastoreTransaction tx, Principal user) {
    boolean counts = user.superuser() && !user.disabled() && !user.name().equals(BuiltIn.API_KEY);
    if (counts && BuiltIn.countAdministrators(tx) <= 1) {
      throw new PolderException(
          ErrorCode.LAST_ADMINISTRATOR,
          "'" + user.name() + "' is the last superuser who can log in; make another one first");
    }
  }

  private static void requireNoTenant(Optional<TenantId> tenant) {
    if (tenant.isPresent()) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER, "a superuser belongs to no tenant; create it without one");
    }
  }

  /** The configured API key's principal has no password, ever. */
  private static void requireNotReserved(PrincipalName name) {
    if (name.equals(BuiltIn.API_KEY)) {
      throw new PolderException(
          ErrorCode.INVALID_NAME, "'" + name + "' is the configured API key's own name");
    }
  }

  private static Secret stored(NewPassword password) {
    return Secret.of(password.hash().phc());
  }

  private static void audit(
      MetastoreTransaction tx,
      Identity actor,
      EventType type,
      Principal user,
      Map<String, String> detail) {
    AuditRows.changed(tx, Optional.of(actor), user.tenant(), type, user.name().value(), detail);
  }
}
