package dev.polder.policy.internal;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.PrincipalKind;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.access.TokenKind;
import dev.polder.metastore.audit.EventType;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleName;
import dev.polder.model.Secret;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What exists from the first start: the administrator, the API key's principal, the roles. */
public final class BuiltIn {
  public static final PrincipalName ADMIN = new PrincipalName("admin");

  /** Who the configured API key acts as. Has no password, so it cannot log in otherwise. */
  public static final PrincipalName API_KEY = new PrincipalName("api-key");

  /** The server's role that lets its holders administer their own tenant. */
  public static final RoleName TENANT_ADMIN = new RoleName("tenant_admin");

  /** The server's role that lets its holders administer databases without seeing into them. */
  public static final RoleName CLUSTER_ADMIN = new RoleName("cluster_admin");

  private static final String READABLE =
      "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  private static final int PASSWORD_LENGTH = 24;

  private BuiltIn() {}

  /** 139 random bits, without characters that look alike. */
  public static Secret randomPassword() {
    SecureRandom random = new SecureRandom();
    StringBuilder password = new StringBuilder();
    for (int i = 0; i < PASSWORD_LENGTH; i++) {
      password.append(READABLE.charAt(random.nextInt(READABLE.length())));
    }
    return Secret.of(password.toString());
  }

  public static boolean isTenantAdmin(Role role) {
    return is(TENANT_ADMIN, role);
  }

  public static boolean isClusterAdmin(Role role) {
    return is(CLUSTER_ADMIN, role);
  }

  /** Whether the server itself makes somebody of that name, so that nobody else may be it. */
  public static boolean isOwn(PrincipalName name) {
    return name.equals(ADMIN) || name.equals(API_KEY);
  }

  private static boolean is(RoleName builtIn, Role role) {
    return role.tenant().isEmpty() && role.personalOf().isEmpty() && role.name().equals(builtIn);
  }

  /** How many superusers people can log in as: the API key's principal does not count. */
  public static long countAdministrators(MetastoreTransaction tx) {
    boolean key =
        tx.principals().find(API_KEY).filter(p -> p.superuser() && !p.disabled()).isPresent();
    return tx.principals().countEnabledSuperusers() - (key ? 1 : 0);
  }

  /**
   * Creates what is missing.
   *
   * @param password the administrator's; empty: it exists and stays as it is
   * @param configured whether the password replaces that of an existing administrator
   * @return whether the administrator was created with the password
   */
  public static boolean ensure(
      MetastoreTransaction tx,
      Optional<PasswordHash> password,
      boolean configured,
      boolean apiKey) {
    for (RoleName role : List.of(TENANT_ADMIN, CLUSTER_ADMIN)) {
      if (tx.roles().find(Optional.empty(), role).isEmpty()) {
        tx.roles().create(Optional.empty(), role);
      }
    }
    if (apiKey && tx.principals().find(API_KEY).isEmpty()) {
      create(tx, API_KEY, PrincipalKind.SERVICE, Optional.empty());
    }
    Optional<Principal> admin = tx.principals().find(ADMIN);
    if (admin.isEmpty() && password.isPresent()) {
      create(tx, ADMIN, PrincipalKind.USER, hash(password));
      return true;
    }
    if (admin.isPresent() && password.isPresent() && configured) {
      tx.principals().setPasswordHash(admin.get().id(), hash(password));
      tx.tokens().revokeAll(admin.get().id(), TokenKind.SESSION);
      AuditRows.changed(
          tx,
          Optional.empty(),
          Optional.empty(),
          EventType.PASSWORD_CHANGED,
          ADMIN.value(),
          Map.of());
    }
    return false;
  }

  private static void create(
      MetastoreTransaction tx, PrincipalName name, PrincipalKind kind, Optional<Secret> hash) {
    tx.principals().create(name, Optional.empty(), kind, hash, true);
    AuditRows.changed(
        tx,
        Optional.empty(),
        Optional.empty(),
        EventType.USER_CREATED,
        name.value(),
        Map.of("superuser", "true"));
  }

  private static Optional<Secret> hash(Optional<PasswordHash> password) {
    return password.map(hash -> Secret.of(hash.phc()));
  }
}
