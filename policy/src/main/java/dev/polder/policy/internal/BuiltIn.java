package dev.polder.policy.internal;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.PrincipalKind;
import dev.polder.metastore.access.Role;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleName;
import dev.polder.model.Secret;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;

/** What exists from the first start: the administrator, the API key's principal, the role. */
public final class BuiltIn {
  public static final PrincipalName ADMIN = new PrincipalName("admin");

  /** Who the configured API key acts as. Has no password, so it cannot log in otherwise. */
  public static final PrincipalName API_KEY = new PrincipalName("api-key");

  /** The server's role that lets its holders administer their own tenant. */
  public static final RoleName TENANT_ADMIN = new RoleName("tenant_admin");

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
    return role.tenant().isEmpty()
        && role.personalOf().isEmpty()
        && role.name().equals(TENANT_ADMIN);
  }

  /** How many superusers people can log in as: the API key's principal does not count. */
  public static long countAdministrators(MetastoreTransaction tx) {
    boolean key =
        tx.principals().find(API_KEY).filter(p -> p.superuser() && !p.disabled()).isPresent();
    return tx.principals().countEnabledSuperusers() - (key ? 1 : 0);
  }

  /** Creates what is missing; a password given is the administrator's, who is then created too. */
  public static void ensure(
      MetastoreTransaction tx, Optional<PasswordHash> password, boolean apiKey) {
    if (tx.roles().find(Optional.empty(), TENANT_ADMIN).isEmpty()) {
      tx.roles().create(Optional.empty(), TENANT_ADMIN);
    }
    Optional<Principal> admin = tx.principals().find(ADMIN);
    if (admin.isEmpty() && password.isPresent()) {
      tx.principals().create(ADMIN, Optional.empty(), PrincipalKind.USER, hash(password), true);
      AuditRows.changed(tx, Optional.empty(), "CREATE USER", ADMIN.value(), Map.of());
    } else if (password.isPresent()) {
      tx.principals().setPasswordHash(admin.orElseThrow().id(), hash(password));
      AuditRows.changed(tx, Optional.empty(), "ALTER USER PASSWORD", ADMIN.value(), Map.of());
    }
    if (apiKey && tx.principals().find(API_KEY).isEmpty()) {
      tx.principals()
          .create(API_KEY, Optional.empty(), PrincipalKind.SERVICE, Optional.empty(), true);
      AuditRows.changed(tx, Optional.empty(), "CREATE USER", API_KEY.value(), Map.of());
    }
  }

  private static Optional<Secret> hash(Optional<PasswordHash> password) {
    return password.map(hash -> Secret.of(hash.phc()));
  }
}
