package dev.polder.policy.internal;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.PrincipalKind;
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

  private static final String READABLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
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

  /** Creates what is missing; sets the administrator's password when one is given. */
  public static void ensure(
      MetastoreTransaction tx, Optional<PasswordHash> password, boolean apiKey) {
    if (tx.roles().find(Optional.empty(), TENANT_ADMIN).isEmpty()) {
      tx.roles().create(Optional.empty(), TENANT_ADMIN);
    }
    Optional<Principal> admin = tx.principals().find(ADMIN);
    if (admin.isEmpty()) {
      tx.principals().create(ADMIN, Optional.empty(), PrincipalKind.USER, hash(password), true);
      AuditRows.changed(tx, Optional.empty(), Optional.empty(), "CREATE USER", "admin", Map.of());
    } else if (password.isPresent()) {
      tx.principals().setPassword(admin.get().id(), hash(password));
      AuditRows.changed(tx, Optional.empty(), Optional.empty(), "SET PASSWORD", "admin", Map.of());
    }
    if (apiKey && tx.principals().find(API_KEY).isEmpty()) {
      tx.principals()
          .create(API_KEY, Optional.empty(), PrincipalKind.SERVICE, Optional.empty(), true);
      AuditRows.changed(
          tx, Optional.empty(), Optional.empty(), "CREATE USER", API_KEY.value(), Map.of());
    }
  }

  private static Optional<Secret> hash(Optional<PasswordHash> password) {
    return password.map(hash -> Secret.of(hash.phc()));
  }
}
