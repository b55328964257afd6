package dev.polder.policy.admin;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleRef;
import dev.polder.model.TenantId;
import dev.polder.policy.DatabaseOperation;
import dev.polder.policy.Identity;
import dev.polder.policy.internal.AuditRows;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Sets what clients keep beside principals, roles and databases: little, plain text, which decides
 * nothing. All of it is set at once, and of two changes from one version the second is refused with
 * {@code ENTITY_VERSION_MISMATCH}. Stateless; each call belongs to the caller's transaction.
 */
public final class PropertyAdministration {
  private static final int MOST = 100;
  private static final int LONGEST_KEY = 255;
  private static final int LONGEST_VALUE = 4096;
  private static final int LONGEST = 32 << 10;

  private PropertyAdministration() {}

  /** Of a user or service: the work of its administrators. */
  public static void set(
      MetastoreTransaction tx,
      Identity actor,
      PrincipalName name,
      Map<String, String> properties,
      long version) {
    Actor acting = Actor.of(tx, actor);
    Principal user = acting.principal(name);
    acting.requireAdministrationOf(user.tenant(), "change users");
    check(properties);
    tx.properties().set(user.id(), properties, version);
    AuditRows.changed(
        tx,
        Optional.of(actor),
        user.tenant(),
        EventType.USER_CHANGED,
        name.value(),
        words(properties));
  }

  /** Of a role: the work of its tenant's administrators. */
  public static void set(
      MetastoreTransaction tx,
      Identity actor,
      Optional<TenantId> tenant,
      RoleRef ref,
      Map<String, String> properties,
      long version) {
    Actor acting = Actor.of(tx, actor);
    acting.requireAdministrationOf(tenant, "change roles");
    Role role = acting.role(tenant, ref);
    acting.requireAdministrationOf(role.tenant(), "change roles of the server");
    check(properties);
    tx.properties().set(role.id(), properties, version);
    AuditRows.changed(
        tx,
        Optional.of(actor),
        role.tenant(),
        EventType.ROLE_CHANGED,
        ref.toString(),
        words(properties));
  }

  /**
   * Of a database, by the table in {@link DatabaseOperation}.
   *
   * @param session the tenant that the actor works in
   */
  public static void set(
      MetastoreTransaction tx,
      Identity actor,
      TenantId session,
      DatabaseName name,
      Map<String, String> properties,
      long version) {
    Database database =
        DatabaseGate.of(tx, actor, session).require(DatabaseOperation.SET_PROPERTIES, name);
    check(properties);
    tx.properties().set(database.id(), properties, version);
    AuditRows.changed(
        tx,
        actor,
        database.id(),
        Optional.empty(),
        EventType.DATABASE_CHANGED,
        name.value(),
        words(properties));
  }

  /** The same properties, if they may be kept: what is made with some has them from the start. */
  public static Map<String, String> checked(Map<String, String> properties) {
    check(properties);
    return properties;
  }

  private static void check(Map<String, String> properties) {
    long size = 0;
    for (Map.Entry<String, String> property : properties.entrySet()) {
      String key = property.getKey();
      if (key.isBlank() || key.length() > LONGEST_KEY || hasControls(key)) {
        throw refused("the name of a property has 1 to " + LONGEST_KEY + " plain characters");
      }
      if (property.getValue().length() > LONGEST_VALUE || hasControls(property.getValue())) {
        throw refused(
            "the value of property '"
                + key
                + "' has up to "
                + LONGEST_VALUE
                + " characters, none of them a control character");
      }
      size += key.length() + property.getValue().length();
    }
    if (properties.size() > MOST || size > LONGEST) {
      throw refused(
          "an object has up to " + MOST + " properties, with " + LONGEST + " characters together");
    }
  }

  /** As the trail tells of them: values may be anything. */
  private static Map<String, String> words(Map<String, String> properties) {
    return Map.of("properties", String.join(", ", new TreeSet<>(properties.keySet())));
  }

  private static boolean hasControls(String text) {
    return text.codePoints()
        .anyMatch(c ->
            Character.isISOControl(c)
                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
  }

  private static PolderException refused(String message) {
    return new PolderException(ErrorCode.INVALID_PARAMETER, message);
  }
}
