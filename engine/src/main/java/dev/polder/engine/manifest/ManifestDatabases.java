package dev.polder.engine.manifest;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.VersionedProperties;
import dev.polder.metastore.audit.DmlAudit;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.quota.Quota;
import dev.polder.metastore.quota.QuotaChange;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.model.DatabaseName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import dev.polder.policy.admin.ControlPlane;
import dev.polder.policy.admin.PropertyAdministration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** The databases of a manifest and their spaces. Bound to one metastore transaction. */
final class ManifestDatabases {
  private final MetastoreTransaction tx;
  private final Identity actor;
  private final ManifestSpaces spaces;

  ManifestDatabases(MetastoreTransaction tx, Identity actor, ManifestSpaces spaces) {
    this.tx = tx;
    this.actor = actor;
    this.spaces = spaces;
  }

  /** The database, and its spaces, without what is in them. */
  void create(ManifestItem item) {
    DatabaseName name = new DatabaseName(item.required("name"));
    DatabaseKind kind = item.word("kind", DatabaseKind.class);
    Optional<Database> found = tx.databases().find(name);
    if (found.isPresent() && found.get().kind() != kind) {
      throw item.invalid("the database is here with another kind, which does not change");
    }
    Database database =
        found.orElseGet(() -> {
          Database made = tx.databases().create(name, kind, Map.of());
          ControlPlane.audit(
              tx, actor, made, Optional.empty(), EventType.DATABASE_CREATED, Map.of());
          return made;
        });
    boolean first = found.isEmpty();
    for (ManifestItem space : spaces(item)) {
      create(database, new TenantId(space.required("tenant")), first);
      first = false;
    }
  }

  private static List<ManifestItem> spaces(ManifestItem item) {
    return List.copyOf(
        ManifestItem.byName(
                item.items("spaces", "tenant").orElse(List.of()), space -> space.required("tenant"))
            .values());
  }

  private void create(Database database, TenantId tenant, boolean first) {
    SpaceKey space = new SpaceKey(database.id(), tx.tenants().get(tenant).id());
    if (tx.spaces().exists(space)) {
      return;
    }
    tx.mirrors().requireWritable(database.id());
    if (first) {
      tx.spaces().create(space);
    } else {
      tx.spaces()
          .create(
              space,
              tx.commits()
                  .next(
                      space.database(),
                      Optional.of(actor.name()),
                      space.tenant(),
                      "ADD TENANT " + tenant));
    }
    ControlPlane.audit(
        tx,
        actor,
        database,
        Optional.of(tenant),
        EventType.TENANT_ADDED,
        Map.of("tenant", tenant.value()));
  }

  /** What a database is told, and what is in its spaces. */
  void fill(ManifestItem item) {
    Database database = tx.databases().get(new DatabaseName(item.required("name")));
    defaults(database, item.text("defaultDatabase"), item.text("defaultSchema"));
    item.text("auditDml").ifPresent(word -> auditDml(database, item, word));
    item.number("idleTimeoutSeconds").ifPresent(seconds -> idleTimeout(database, seconds));
    VersionedProperties present = tx.properties().of(database.id());
    ManifestImport.changed(item, present.properties())
        .ifPresent(wanted ->
            PropertyAdministration.set(
                tx, actor, TenantId.DEFAULT, database.name(), wanted, present.version()));
    item.object("quota")
        .ifPresent(
            quota -> quota(database, Optional.empty(), quota, tx.quotas().own(database.id())));
    for (ManifestItem space : spaces(item)) {
      space.apply(() -> {
        SpaceKey key = new SpaceKey(database.id(), new TenantId(space.required("tenant")));
        space
            .object("quota")
            .ifPresent(quota -> quota(database, Optional.of(key), quota, tx.quotas().of(key)));
        spaces.fill(database, key, space);
        space.requireNoOthers();
      });
    }
    item.requireNoOthers();
  }

  private void defaults(
      Database database, Optional<String> defaultDatabase, Optional<String> defaultSchema) {
    if (!database.defaultDatabase().equals(defaultDatabase)
        || !database.defaultSchema().equals(defaultSchema)) {
      tx.databases().setDefaults(database.id(), defaultDatabase, defaultSchema);
      ControlPlane.audit(
          tx,
          actor,
          database,
          Optional.empty(),
          EventType.DATABASE_CHANGED,
          Map.of(
              "default_database", defaultDatabase.orElse(""),
              "default_schema", defaultSchema.orElse("")));
    }
  }

  private void auditDml(Database database, ManifestItem item, String word) {
    DmlAudit mode =
        DmlAudit.parse(word)
            .orElseThrow(() -> item.invalid("auditDml is 'all', 'writes' or 'none'"));
    if (mode != database.auditDml()) {
      tx.databases().setAuditDml(database.id(), mode);
      ControlPlane.audit(
          tx,
          actor,
          database,
          Optional.empty(),
          EventType.AUDIT_DML_CHANGED,
          Map.of("from", database.auditDml().word(), "to", mode.word()));
    }
  }

  private void idleTimeout(Database database, long seconds) {
    if (tx.databases().idleTimeout(database.id()) != seconds) {
      tx.databases().setIdleTimeout(database.id(), seconds);
      ControlPlane.audit(
          tx,
          actor,
          database,
          Optional.empty(),
          EventType.IDLE_TIMEOUT_CHANGED,
          Map.of("seconds", Long.toString(seconds)));
    }
  }

  /** What the manifest does not name of a quota has its default again. */
  private void quota(
      Database database, Optional<SpaceKey> space, ManifestItem item, Quota present) {
    Map<QuotaField, Long> changes = new EnumMap<>(QuotaField.class);
    for (QuotaField field : QuotaField.values()) {
      Optional<Long> wanted = item.number(field.key());
      wanted
          .filter(value -> value < field.least() || value > field.most())
          .ifPresent(value -> {
            throw item.invalid(
                field.key() + " must be from " + field.least() + " to " + field.most());
          });
      if (space.isPresent() && field.kind() == QuotaField.Kind.SHARE && wanted.isPresent()) {
        throw item.invalid(field.key() + " is a database's alone");
      }
      long value = wanted.orElse(field.byDefault());
      Long set = present.values().get(field);
      if (!Objects.equals(set, wanted.orElse(null)) && (set != null || wanted.isPresent())) {
        changes.put(field, value);
      }
    }
    item.requireNoOthers();
    if (changes.isEmpty()) {
      return;
    }
    Quota wanted = new Quota(changes);
    QuotaChange change =
        space.isPresent()
            ? tx.quotas().set(space.get(), wanted)
            : tx.quotas().set(database.id(), wanted);
    Map<String, String> detail = new TreeMap<>();
    for (QuotaField field : changes.keySet()) {
      detail.put("before." + field.key(), change.before().text(field));
      detail.put("after." + field.key(), change.after().text(field));
    }
    ControlPlane.audit(
        tx,
        actor,
        database,
        space.map(SpaceKey::tenant),
        space.isPresent() ? EventType.TENANT_QUOTA_CHANGED : EventType.DATABASE_QUOTA_CHANGED,
        detail);
  }
}
