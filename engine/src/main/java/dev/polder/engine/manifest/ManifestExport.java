package dev.polder.engine.manifest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.engine.manifest.ManifestNames.Place;
import dev.polder.engine.source.ManifestSources;
import dev.polder.lake.Lake;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.DatabaseGrant;
import dev.polder.metastore.access.Grant;
import dev.polder.metastore.access.Group;
import dev.polder.metastore.access.IdentityProvider;
import dev.polder.metastore.access.Policy;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.Space;
import dev.polder.metastore.catalog.Tenant;
import dev.polder.metastore.quota.Quota;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.metastore.source.Source;
import dev.polder.metastore.source.SourceDefinition;
import dev.polder.metastore.source.SourcePolicy;
import dev.polder.metastore.source.SourceSecret;
import dev.polder.model.DatabaseId;
import dev.polder.model.RoleId;
import dev.polder.model.Secret;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.admin.ControlPlane;
import dev.polder.policy.admin.GrantAdministration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Writes the control plane as a document: in one order, by names, without secrets and without what
 * the server makes of itself. Mirrors, which follow another database, are left out. Bound to one
 * metastore transaction.
 */
final class ManifestExport {
  static final String VERSION = "polder/v1";

  private final MetastoreTransaction tx;
  private final ManifestNames names;
  private final boolean passwordHashes;

  ManifestExport(MetastoreTransaction tx, Lake lake, boolean passwordHashes) {
    this.tx = tx;
    this.names = new ManifestNames(tx, lake);
    this.passwordHashes = passwordHashes;
  }

  ObjectNode whole() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("apiVersion", VERSION);
    List<Tenant> tenants = all(after -> tx.tenants().list(after, Page.MAX_LIMIT));
    list(root, "tenants", tenants, this::tenant);
    list(
        root,
        "databases",
        all(after -> tx.databases().list(after, Page.MAX_LIMIT)).stream()
            .filter(database -> tx.mirrors().active(database.id()).isEmpty())
            .toList(),
        this::database);
    list(root, "roles", roles(tenants), this::role);
    list(root, "groups", groups(tenants), this::group);
    list(
        root,
        "users",
        all(after -> tx.principals().list(after, Page.MAX_LIMIT)).stream()
            .filter(user -> !ControlPlane.isApiKey(user.name()))
            .toList(),
        this::user);
    return root;
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

  private static <T> void list(
      ObjectNode in, String name, Collection<T> items, Function<T, ObjectNode> write) {
    ArrayNode array = in.putArray(name);
    items.forEach(item -> array.add(write.apply(item)));
  }

  private static void texts(ObjectNode in, String name, Collection<String> texts) {
    ArrayNode array = in.putArray(name);
    texts.stream().sorted().forEach(array::add);
  }

  private static void map(ObjectNode in, String name, Map<String, String> map) {
    ObjectNode node = in.putObject(name);
    new TreeMap<>(map).forEach(node::put);
  }

  private static ObjectNode item() {
    return JsonNodeFactory.instance.objectNode();
  }

  private Optional<String> databaseName(Optional<DatabaseId> id) {
    return id.flatMap(tx.databases()::find)
        .filter(database -> database.droppedAt().isEmpty())
        .map(database -> database.name().value());
  }

  private ObjectNode tenant(Tenant tenant) {
    ObjectNode node = item().put("name", tenant.id().value());
    databaseName(tenant.defaultDatabase()).ifPresent(name -> node.put("defaultDatabase", name));
    tx.identityProviders()
        .find(tenant.id())
        .ifPresent(provider -> provider(node.putObject("identityProvider"), provider));
    return node;
  }

  private static void provider(ObjectNode node, IdentityProvider provider) {
    node.put("issuer", provider.issuer());
    ArrayNode audiences = node.putArray("audiences");
    provider.audiences().forEach(audiences::add);
    IdentityProvider.Claims claims = provider.claims();
    claims.principal().ifPresent(claim -> node.put("principalClaim", claim));
    claims.roles().ifPresent(claim -> node.put("rolesClaim", claim));
    claims.rolePattern().ifPresent(pattern -> node.put("rolesPattern", pattern));
    claims.roleName().ifPresent(name -> node.put("rolesName", name));
    claims.tenant().ifPresent(claim -> node.put("tenantClaim", claim));
    node.put("tenantValue", claims.tenantValue());
    node.put("provision", provider.provision());
    node.put("mode", ManifestItem.word(provider.mode()));
  }

  private ObjectNode database(Database database) {
    ObjectNode node = item().put("name", database.name().value());
    node.put("kind", ManifestItem.word(database.kind()));
    database.defaultDatabase().ifPresent(name -> node.put("defaultDatabase", name));
    database.defaultSchema().ifPresent(name -> node.put("defaultSchema", name));
    node.put("auditDml", database.auditDml().word());
    node.put("idleTimeoutSeconds", tx.databases().idleTimeout(database.id()));
    map(node, "properties", tx.properties().of(database.id()).properties());
    quota(node, tx.quotas().own(database.id()));
    list(
        node,
        "spaces",
        tx.spaces().all(database.id()).stream()
            .sorted(Comparator.comparing(space -> space.key().tenant().value()))
            .toList(),
        this::space);
    return node;
  }

  private static void quota(ObjectNode in, Quota quota) {
    ObjectNode node = in.putObject("quota");
    for (QuotaField field : QuotaField.values()) {
      if (quota.values().containsKey(field)) {
        node.put(field.key(), quota.get(field));
      }
    }
  }

  private ObjectNode space(Space space) {
    ObjectNode node = item().put("tenant", space.key().tenant().value());
    quota(node, tx.quotas().of(space.key()));
    Map<String, ObjectNode> policies = new TreeMap<>();
    tx.policies().all(space.key()).forEach(policy -> policy(policy, policies));
    list(node, "policies", policies.values(), policy -> policy);
    list(node, "sources", tx.sources().list(space.key()), source -> source(space.key(), source));
    return node;
  }

  private void policy(Policy policy, Map<String, ObjectNode> into) {
    names
        .live(policy.collection())
        .ifPresent(entry -> {
          Optional<String> column =
              policy.fieldId().isPresent()
                  ? names.column(entry, policy.fieldId().getAsInt())
                  : Optional.empty();
          if (policy.fieldId().isPresent() == column.isPresent()) {
            String schema = entry.ref().schema().value();
            into.put(
                String.join("\0", schema, entry.ref().name(), policy.name()),
                policy(
                    policy.name(),
                    schema,
                    entry.ref().name(),
                    column,
                    policy.role(),
                    policy.expression()));
          }
        });
  }

  private ObjectNode policy(
      String name,
      String schema,
      String table,
      Optional<String> column,
      Optional<RoleId> role,
      String expression) {
    ObjectNode node = item().put("name", name).put("schema", schema).put("table", table);
    column.ifPresent(masked -> node.put("column", masked));
    role.flatMap(tx.roles()::find).ifPresent(found -> node.put("role", ref(found)));
    return node.put("expression", expression);
  }

  private ObjectNode source(SpaceKey space, Source source) {
    SourceDefinition shown = ManifestSources.redacted(source.definition());
    ObjectNode node = item().put("alias", shown.alias().value());
    shown.description().ifPresent(text -> node.put("description", text));
    shown.setupSql().ifPresent(sql -> node.put("setupSql", sql));
    shown.connector().ifPresent(name -> node.put("connector", name));
    map(node, "properties", shown.properties());
    node.put("readOnly", shown.readOnly());
    node.put("disabled", shown.disabled());
    node.put("allowInlineSecrets", shown.allowInlineSecrets());
    node.put("onStartFailure", shown.onStartFailure().word());
    shown.extensionDirectory().ifPresent(path -> node.put("extensionDirectory", path));
    list(node, "secrets", tx.sources().secrets(source.id()), ManifestExport::secret);
    Map<String, ObjectNode> policies = new TreeMap<>();
    for (SourcePolicy policy : tx.sourcePolicies().all(space)) {
      if (policy.table().source().equals(source.id())) {
        policies.put(
            String.join("\0", policy.table().schema(), policy.table().table(), policy.name()),
            policy(
                policy.name(),
                policy.table().schema(),
                policy.table().table(),
                policy.column(),
                policy.role(),
                policy.expression()));
      }
    }
    list(node, "policies", policies.values(), policy -> policy);
    return node;
  }

  private static ObjectNode secret(SourceSecret secret) {
    ObjectNode node = item().put("name", secret.name());
    return secret
        .externalRef()
        .map(ref -> node.put("externalRef", ref))
        .orElseGet(() -> node.put("value", ManifestSources.REDACTED));
  }

  private List<Role> roles(List<Tenant> tenants) {
    List<Role> roles = new ArrayList<>(rolesOf(Optional.empty()));
    tenants.forEach(tenant -> roles.addAll(rolesOf(Optional.of(tenant.id()))));
    return roles;
  }

  private List<Role> rolesOf(Optional<TenantId> tenant) {
    List<Role> roles =
        new ArrayList<>(all(after -> tx.roles().list(tenant, after, Page.MAX_LIMIT)));
    tx.roles().ofDatabases(tenant).stream()
        .filter(role -> databaseName(role.database()).isPresent())
        .sorted(Comparator.comparing(this::ref))
        .forEach(roles::add);
    return roles;
  }

  private List<Group> groups(List<Tenant> tenants) {
    List<Group> groups =
        new ArrayList<>(all(after -> tx.groups().list(Optional.empty(), after, Page.MAX_LIMIT)));
    for (Tenant tenant : tenants) {
      groups.addAll(
          all(after -> tx.groups().list(Optional.of(tenant.id()), after, Page.MAX_LIMIT)));
    }
    return groups;
  }

  private String ref(Role role) {
    return GrantAdministration.ref(tx, role).toString();
  }

  private List<String> refs(List<Role> roles) {
    return roles.stream()
        .filter(role -> role.personalOf().isEmpty())
        .filter(role -> role.database().isEmpty() || databaseName(role.database()).isPresent())
        .map(this::ref)
        .toList();
  }

  private ObjectNode role(Role role) {
    ObjectNode node = item().put("name", ref(role));
    role.tenant().ifPresent(tenant -> node.put("tenant", tenant.value()));
    map(node, "properties", tx.properties().of(role.id()).properties());
    texts(node, "roles", refs(tx.roles().givenTo(role.id())));
    grants(node, tx.grants().ofRole(role.id()));
    databaseRoles(node, tx.databaseGrants().of(role.id()));
    return node;
  }

  private ObjectNode group(Group group) {
    ObjectNode node = item().put("name", group.name().value());
    group.tenant().ifPresent(tenant -> node.put("tenant", tenant.value()));
    texts(
        node,
        "members",
        all(after -> tx.principals().listMembers(group.id(), after, Page.MAX_LIMIT)).stream()
            .map(member -> member.name().value())
            .toList());
    texts(node, "roles", refs(tx.roles().heldBy(group.id())));
    databaseRoles(node, tx.databaseGrants().of(group.id()));
    return node;
  }

  private ObjectNode user(Principal user) {
    ObjectNode node = item().put("name", user.name().value());
    user.tenant().ifPresent(tenant -> node.put("tenant", tenant.value()));
    node.put("kind", ManifestItem.word(user.kind()));
    node.put("superuser", user.superuser());
    node.put("disabled", user.disabled());
    if (passwordHashes) {
      user.passwordHash().map(Secret::reveal).ifPresent(hash -> node.put("passwordHash", hash));
    }
    databaseName(user.defaultDatabase()).ifPresent(name -> node.put("defaultDatabase", name));
    map(node, "properties", tx.properties().of(user.id()).properties());
    texts(node, "roles", refs(tx.roles().givenTo(user.id())));
    Optional<Role> own = tx.roles().findPersonal(user.id());
    grants(node, own.map(role -> tx.grants().ofRole(role.id())).orElse(List.of()));
    databaseRoles(node, own.map(role -> tx.databaseGrants().of(role.id())).orElse(List.of()));
    return node;
  }

  private void grants(ObjectNode in, List<Grant> grants) {
    Map<String, Place> places = new TreeMap<>();
    Map<String, List<String>> privileges = new TreeMap<>();
    for (Grant grant : grants) {
      names
          .place(grant.securable())
          .ifPresent(place -> {
            String key = place + "\0" + place.tenant() + "\0" + (place.source() == null);
            places.put(key, place);
            privileges.computeIfAbsent(key, it -> new ArrayList<>()).add(grant.privilege().name());
          });
    }
    ArrayNode array = in.putArray("grants");
    places.forEach((key, place) -> {
      ObjectNode node = array.addObject();
      node.put("database", place.database()).put("tenant", place.tenant());
      put(node, "source", Optional.ofNullable(place.source()));
      put(node, "schema", Optional.ofNullable(place.schema()));
      put(node, "table", Optional.ofNullable(place.table()));
      put(node, "column", Optional.ofNullable(place.column()));
      texts(node, "privileges", privileges.getOrDefault(key, List.of()));
    });
  }

  private static void put(ObjectNode in, String name, Optional<String> text) {
    text.ifPresent(it -> in.put(name, it));
  }

  private void databaseRoles(ObjectNode in, List<DatabaseGrant> grants) {
    Map<String, ObjectNode> sorted = new TreeMap<>();
    for (DatabaseGrant grant : grants) {
      databaseName(Optional.of(grant.database()))
          .ifPresent(name ->
              sorted.put(
                  name + "\0" + grant.role(),
                  item().put("database", name).put("role", grant.role().word())));
    }
    list(in, "databaseRoles", sorted.values(), node -> node);
  }
}
