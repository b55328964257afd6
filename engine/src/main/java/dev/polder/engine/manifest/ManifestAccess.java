package dev.polder.engine.manifest;

import dev.polder.engine.manifest.ManifestNames.Place;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.DatabaseGrant;
import dev.polder.metastore.access.Grant;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseName;
import dev.polder.model.DatabaseRole;
import dev.polder.model.Privilege;
import dev.polder.model.Securable;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import dev.polder.policy.admin.DatabaseGrantAdministration;
import dev.polder.policy.admin.GrantAdministration;
import dev.polder.policy.admin.Grantee;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What roles, groups and users of a manifest may do. Bound to one metastore transaction. */
final class ManifestAccess {
  private final MetastoreTransaction tx;
  private final Identity actor;
  private final ManifestNames names;
  private final ManifestImport whole;

  ManifestAccess(
      MetastoreTransaction tx, Identity actor, ManifestNames names, ManifestImport whole) {
    this.tx = tx;
    this.actor = actor;
    this.names = names;
    this.whole = whole;
  }

  /**
   * Makes a holder's grants those of the item, where it gives any.
   *
   * @param present what the holder has
   */
  void grants(ManifestItem item, Grantee holder, List<Grant> present) {
    Optional<List<ManifestItem>> wanted = item.items("grants", "database");
    if (wanted.isEmpty()) {
      return;
    }
    Map<Securable, Set<Privilege>> asked = new LinkedHashMap<>();
    Map<Securable, Place> places = new LinkedHashMap<>();
    for (ManifestItem grant : wanted.get()) {
      Place place = place(grant);
      Set<Privilege> privileges = privileges(grant);
      grant.requireNoOthers();
      Optional<Securable> on = names.securable(place);
      if (on.isEmpty()) {
        whole.skip(grant.place(), "there is no " + place);
      } else {
        places.put(on.get(), place);
        asked.computeIfAbsent(on.get(), it -> EnumSet.noneOf(Privilege.class)).addAll(privileges);
      }
    }
    Map<Securable, Set<Privilege>> held = new LinkedHashMap<>();
    for (Grant grant : present) {
      names
          .place(grant.securable())
          .ifPresent(place -> {
            places.putIfAbsent(grant.securable(), place);
            held.computeIfAbsent(grant.securable(), it -> EnumSet.noneOf(Privilege.class))
                .add(grant.privilege());
          });
    }
    places.forEach((on, place) -> {
      Set<Privilege> has = held.getOrDefault(on, Set.of());
      Set<Privilege> shall = asked.getOrDefault(on, Set.of());
      Set<Privilege> more = minus(shall, has);
      Set<Privilege> less = minus(has, shall);
      if (!less.isEmpty()) {
        GrantAdministration.revoke(tx, actor, less, on, holder, place.toString());
      }
      if (!more.isEmpty()) {
        GrantAdministration.grant(tx, actor, more, on, holder, place.toString());
      }
    });
  }

  private static Set<Privilege> minus(Set<Privilege> these, Set<Privilege> those) {
    Set<Privilege> rest = EnumSet.noneOf(Privilege.class);
    rest.addAll(these);
    rest.removeAll(those);
    return rest;
  }

  private static Place place(ManifestItem grant) {
    return new Place(
        grant.required("database"),
        grant.required("tenant"),
        grant.text("source").orElse(null),
        grant.text("schema").orElse(null),
        grant.text("table").orElse(null),
        grant.text("column").orElse(null));
  }

  private static Set<Privilege> privileges(ManifestItem grant) {
    Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
    for (String word : grant.texts("privileges").orElse(Set.of())) {
      privileges.addAll(
          Privilege.parse(word).orElseThrow(() -> grant.invalid("there is no privilege " + word)));
    }
    if (privileges.isEmpty()) {
      throw grant.invalid("privileges is missing");
    }
    return privileges;
  }

  private record OnDatabase(DatabaseName database, DatabaseRole role) {}

  /** Makes the roles on databases that a holder has those of the item, where it gives any. */
  void databaseRoles(
      ManifestItem item, Grantee holder, TenantId session, List<DatabaseGrant> present) {
    Optional<List<ManifestItem>> wanted = item.items("databaseRoles", "database");
    if (wanted.isEmpty()) {
      return;
    }
    Set<OnDatabase> asked = new LinkedHashSet<>();
    for (ManifestItem grant : wanted.get()) {
      DatabaseName database = new DatabaseName(grant.required("database"));
      DatabaseRole role = role(grant, grant.required("role"));
      grant.requireNoOthers();
      if (tx.databases().find(database).isEmpty()) {
        whole.skip(grant.place(), "there is no database " + database);
      } else {
        asked.add(new OnDatabase(database, role));
      }
    }
    Set<OnDatabase> held = new LinkedHashSet<>();
    for (DatabaseGrant grant : present) {
      tx.databases()
          .find(grant.database())
          .filter(database -> database.droppedAt().isEmpty())
          .map(Database::name)
          .ifPresent(name -> held.add(new OnDatabase(name, grant.role())));
    }
    ManifestImport.sync(
        held,
        asked,
        on ->
            DatabaseGrantAdministration.grant(tx, actor, session, on.role(), on.database(), holder),
        on ->
            DatabaseGrantAdministration.revoke(
                tx, actor, session, on.role(), on.database(), holder));
  }

  private static DatabaseRole role(ManifestItem grant, String word) {
    return Arrays.stream(DatabaseRole.values())
        .filter(role -> role.word().equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(() -> grant.invalid("there is no role " + word + " on databases"));
  }
}
