package dev.polder.engine.manifest;

import dev.polder.engine.source.ManifestSources;
import dev.polder.lake.Lake;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.IdentityProvider;
import dev.polder.metastore.access.LoginMode;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseName;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import dev.polder.policy.admin.IdentityProviderAdministration;
import dev.polder.policy.admin.TenantAdministration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes the control plane what a manifest says, in an order in which what is named is there: first
 * what has a name, then who holds what of it. A list that is given is the whole list; what is not
 * given stays as it is. Bound to one metastore transaction.
 */
final class ManifestImport {
  private final MetastoreTransaction tx;
  private final Identity actor;
  private final boolean prune;
  private final List<String> skipped = new ArrayList<>();
  private final List<String> newValues = new ArrayList<>();
  private final ManifestDatabases databases;
  private final ManifestPrincipals principals;

  ManifestImport(
      MetastoreTransaction tx, Lake lake, Identity actor, ManifestSources sources, boolean prune) {
    this.tx = tx;
    this.actor = actor;
    this.prune = prune;
    ManifestNames names = new ManifestNames(tx, lake);
    this.databases =
        new ManifestDatabases(
            tx, actor, new ManifestSpaces(tx, actor, names, sources, prune, this));
    this.principals =
        new ManifestPrincipals(tx, actor, new ManifestAccess(tx, actor, names, this), prune);
  }

  /** What was left out, since what it is on is not here. */
  List<String> skipped() {
    return skipped;
  }

  /** Secrets that got a value, of which exports do not tell whether it is another one. */
  List<String> newValues() {
    return newValues;
  }

  void skip(String place, String why) {
    skipped.add(place + ": " + why);
  }

  void newValue(String place) {
    newValues.add(place);
  }

  void run(ManifestItem manifest) {
    if (!manifest.required("apiVersion").equals(ManifestExport.VERSION)) {
      throw manifest.invalid("apiVersion must be " + ManifestExport.VERSION);
    }
    Optional<List<ManifestItem>> tenants = manifest.items("tenants", "name");
    Optional<List<ManifestItem>> wantedDatabases = manifest.items("databases", "name");
    principals.read(manifest);
    manifest.requireNoOthers();
    each(tenants, this::create);
    each(wantedDatabases, databases::create);
    principals.create();
    each(wantedDatabases, databases::fill);
    principals.connect();
    each(tenants, this::fill);
    tenants.ifPresent(all -> all.forEach(ManifestItem::requireNoOthers));
    if (prune) {
      principals.prune();
    }
  }

  private static void each(Optional<List<ManifestItem>> items, Consumer<ManifestItem> work) {
    items.ifPresent(all ->
        ManifestItem.byName(all, item -> item.required("name"))
            .values()
            .forEach(item -> item.apply(() -> work.accept(item))));
  }

  private void create(ManifestItem item) {
    TenantId tenant = new TenantId(item.required("name"));
    if (tx.tenants().find(tenant).isEmpty()) {
      TenantAdministration.create(tx, actor, tenant);
    }
  }

  private void fill(ManifestItem item) {
    TenantId tenant = new TenantId(item.required("name"));
    Optional<DatabaseName> present =
        tx.tenants()
            .get(tenant)
            .defaultDatabase()
            .flatMap(tx.databases()::find)
            .filter(database -> database.droppedAt().isEmpty())
            .map(Database::name);
    Optional<DatabaseName> wanted = item.text("defaultDatabase").map(DatabaseName::new);
    if (!present.equals(wanted)) {
      TenantAdministration.setDefaultDatabase(tx, actor, tenant, wanted);
    }
    Optional<IdentityProvider> provider = tx.identityProviders().find(tenant);
    Optional<IdentityProvider> asked =
        item.object("identityProvider")
            .map(node ->
                provider(tenant, node, provider.map(IdentityProvider::createdAt).orElse(tx.now())));
    if (asked.isPresent() && !asked.equals(provider)) {
      IdentityProviderAdministration.create(tx, actor, asked.get(), true);
    } else if (asked.isEmpty() && provider.isPresent() && prune) {
      IdentityProviderAdministration.drop(tx, actor, tenant);
    }
  }

  private static IdentityProvider provider(TenantId tenant, ManifestItem item, long createdAt) {
    IdentityProvider provider =
        new IdentityProvider(
            tenant,
            item.required("issuer"),
            List.copyOf(item.texts("audiences").orElse(Set.of())),
            new IdentityProvider.Claims(
                item.text("principalClaim"),
                item.text("rolesClaim"),
                item.text("rolesPattern"),
                item.text("rolesName"),
                item.text("tenantClaim"),
                item.text("tenantValue").orElse(tenant.value())),
            item.flag("provision").orElse(false),
            item.word("mode", LoginMode.class),
            createdAt);
    item.requireNoOthers();
    return provider;
  }

  /** Adds what is missing and removes what is too much. */
  static <T> void sync(
      Set<T> present, Set<T> wanted, Consumer<? super T> add, Consumer<? super T> remove) {
    present.stream().filter(it -> !wanted.contains(it)).toList().forEach(remove);
    wanted.stream().filter(it -> !present.contains(it)).toList().forEach(add);
  }

  /** The wanted properties, where they are given and differ. */
  static Optional<Map<String, String>> changed(ManifestItem item, Map<String, String> present) {
    return item.map("properties").filter(wanted -> !wanted.equals(present)).map(LinkedHashMap::new);
  }
}
