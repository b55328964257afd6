package dev.polder.engine.management;

import static dev.polder.engine.management.GrantResource.Kind.CATALOG;
import static dev.polder.engine.management.GrantResource.Kind.NAMESPACE;
import static dev.polder.engine.management.GrantResource.Kind.TABLE;
import static dev.polder.engine.management.GrantResource.Kind.VIEW;
import static dev.polder.model.Privilege.ALTER;
import static dev.polder.model.Privilege.CREATE;
import static dev.polder.model.Privilege.DELETE;
import static dev.polder.model.Privilege.DROP;
import static dev.polder.model.Privilege.INSERT;
import static dev.polder.model.Privilege.SELECT;
import static dev.polder.model.Privilege.UPDATE;

import dev.polder.engine.management.GrantResource.Kind;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Polaris' privileges as sets of SQL's: the one table of both vocabularies. A privilege is held
 * where all of its set is granted on the same object. It can be granted where its set allows no
 * more than it says; elsewhere SQL can grant it together with others, and it is shown and can be
 * revoked. Immutable.
 */
public enum CatalogPrivilege {
  CATALOG_MANAGE_CONTENT(
      EnumSet.allOf(Privilege.class), EnumSet.of(CATALOG, NAMESPACE), Set.of(), ""),
  CATALOG_MANAGE_METADATA(
      EnumSet.of(CREATE, ALTER, DROP), EnumSet.of(CATALOG, NAMESPACE), Set.of(), ""),
  // What is created is its creator's: CREATE, which does not tell what is created, gives nothing of
  // what is there.
  NAMESPACE_CREATE(EnumSet.of(CREATE), EnumSet.of(CATALOG, NAMESPACE), Set.of(), ""),
  TABLE_CREATE(EnumSet.of(CREATE), EnumSet.of(CATALOG, NAMESPACE), Set.of(), ""),
  VIEW_CREATE(EnumSet.of(CREATE), EnumSet.of(CATALOG, NAMESPACE), Set.of(), ""),
  TABLE_READ_DATA(EnumSet.of(SELECT), EnumSet.of(CATALOG, NAMESPACE, TABLE), Set.of(), ""),
  TABLE_WRITE_DATA(
      EnumSet.of(SELECT, INSERT, UPDATE, DELETE),
      EnumSet.of(CATALOG, NAMESPACE, TABLE),
      Set.of(),
      ""),
  NAMESPACE_DROP(EnumSet.of(DROP), Set.of(), EnumSet.of(CATALOG, NAMESPACE), Words.DROPS),
  TABLE_DROP(EnumSet.of(DROP), EnumSet.of(TABLE), EnumSet.of(CATALOG, NAMESPACE), Words.DROPS),
  VIEW_DROP(EnumSet.of(DROP), EnumSet.of(VIEW), EnumSet.of(CATALOG, NAMESPACE), Words.DROPS),
  NAMESPACE_WRITE_PROPERTIES(
      EnumSet.of(ALTER), Set.of(), EnumSet.of(CATALOG, NAMESPACE), Words.ALTERS),
  TABLE_WRITE_PROPERTIES(
      EnumSet.of(ALTER), EnumSet.of(TABLE), EnumSet.of(CATALOG, NAMESPACE), Words.ALTERS),
  VIEW_WRITE_PROPERTIES(
      EnumSet.of(ALTER), EnumSet.of(VIEW), EnumSet.of(CATALOG, NAMESPACE), Words.ALTERS),
  NAMESPACE_FULL_METADATA(
      EnumSet.of(CREATE, ALTER, DROP), Set.of(), EnumSet.of(CATALOG, NAMESPACE), Words.ALTERS),
  TABLE_FULL_METADATA(EnumSet.of(ALTER, DROP), EnumSet.of(TABLE), Set.of(), Words.ALTERS),
  VIEW_FULL_METADATA(EnumSet.of(ALTER, DROP), EnumSet.of(VIEW), Set.of(), Words.ALTERS);

  private static final class Words {
    static final String DROPS =
        "here the right to drop covers tables, views and namespaces alike: grant it on tables and"
            + " views, or CATALOG_MANAGE_METADATA";
    static final String ALTERS =
        "here the right to alter covers tables, views and namespaces alike: grant it on tables and"
            + " views, or CATALOG_MANAGE_METADATA";
  }

  // Unmodifiable.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<Privilege> privileges;

  // Unmodifiable.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<Kind> granted;

  // Unmodifiable.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<Kind> shown;

  private final String why;

  /**
   * @param granted where it can be granted
   * @param shown where it is shown besides
   * @param why it cannot be granted there, and what can
   */
  CatalogPrivilege(Set<Privilege> privileges, Set<Kind> granted, Set<Kind> shown, String why) {
    this.privileges = Collections.unmodifiableSet(privileges);
    this.granted = Collections.unmodifiableSet(granted);
    this.shown = Collections.unmodifiableSet(shown);
    this.why = why;
  }

  /** Whether it is held on an object of that kind, on which these are granted. */
  boolean isHeld(Kind on, Set<Privilege> held) {
    return known(on) && held.containsAll(privileges);
  }

  /** What is to be granted for it. */
  Set<Privilege> grantedOn(Kind on) {
    if (!granted.contains(on)) {
      throw refused(on, why);
    }
    return privileges;
  }

  /** What is to be revoked for it. */
  Set<Privilege> revokedOn(Kind on) {
    if (!known(on)) {
      throw refused(on, why);
    }
    return privileges;
  }

  private boolean known(Kind on) {
    return granted.contains(on) || shown.contains(on);
  }

  private PolderException refused(Kind on, String reason) {
    return new PolderException(
        ErrorCode.INVALID_PARAMETER,
        name()
            + " is no privilege on a "
            + on.name().toLowerCase(Locale.ROOT)
            + " that can be granted for itself"
            + (reason.isEmpty() ? "" : "; " + reason));
  }

  /**
   * The privilege of that name.
   *
   * @throws PolderException INVALID_PARAMETER with the nearest one that there is
   */
  public static CatalogPrivilege of(String name) {
    for (CatalogPrivilege privilege : values()) {
      if (privilege.name().equals(name)) {
        return privilege;
      }
    }
    String shown = name.length() > 60 ? name.substring(0, 60) + "…" : name;
    throw new PolderException(
        ErrorCode.INVALID_PARAMETER,
        "privilege '" + shown + "' is not one that this server keeps apart; " + nearest(name));
  }

  private static String nearest(String name) {
    if (name.contains("POLICY")) {
      return "policies are administered by SQL and by the tenant's administrators";
    }
    if (name.equals("CATALOG_MANAGE_ACCESS")) {
      return "who grants is a tenant_admin, or a DATABASE_OWNER by SQL's GRANT";
    }
    if (name.startsWith("CATALOG_")) {
      return "a catalog's properties are its DATABASE_OWNER's, by SQL's GRANT";
    }
    if (name.endsWith("_LIST")) {
      return "whoever holds any privilege on an object sees its name";
    }
    if (name.equals("VIEW_READ_PROPERTIES")) {
      return "loading a view takes SELECT on it, which reads its rows: grant that by SQL";
    }
    if (name.equals("NAMESPACE_READ_PROPERTIES")) {
      return "whoever holds any privilege in a namespace sees its properties";
    }
    if (name.equals("TABLE_READ_PROPERTIES")) {
      return "loading a table's metadata takes TABLE_READ_DATA";
    }
    if (name.equals("TABLE_ADD_SNAPSHOT") || name.equals("TABLE_SET_SNAPSHOT_REF")) {
      return "the nearest one is TABLE_WRITE_DATA";
    }
    if (name.startsWith("TABLE_")) {
      return "the nearest one is TABLE_WRITE_PROPERTIES";
    }
    return "those there are stand in docs/MANAGEMENT-API.md";
  }
}
