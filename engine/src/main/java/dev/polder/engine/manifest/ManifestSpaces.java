package dev.polder.engine.manifest;

import dev.polder.engine.source.ManifestSources;
import dev.polder.engine.source.SourceInput;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.Policy;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.source.Source;
import dev.polder.metastore.source.SourcePolicy;
import dev.polder.metastore.source.SourceSecret;
import dev.polder.metastore.source.SourceTable;
import dev.polder.model.RoleId;
import dev.polder.model.RoleRef;
import dev.polder.model.Secret;
import dev.polder.model.SpaceKey;
import dev.polder.policy.Identity;
import dev.polder.policy.admin.GrantAdministration;
import dev.polder.policy.admin.PolicyAdministration;
import dev.polder.policy.admin.SourceGate;
import dev.polder.policy.admin.SourcePolicyAdministration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sources and policies of a manifest's spaces. Bound to one metastore transaction. */
final class ManifestSpaces {
  private final MetastoreTransaction tx;
  private final Identity actor;
  private final ManifestNames names;
  private final ManifestSources sources;
  private final boolean prune;
  private final ManifestImport whole;

  ManifestSpaces(
      MetastoreTransaction tx,
      Identity actor,
      ManifestNames names,
      ManifestSources sources,
      boolean prune,
      ManifestImport whole) {
    this.tx = tx;
    this.actor = actor;
    this.names = names;
    this.sources = sources;
    this.prune = prune;
    this.whole = whole;
  }

  void fill(Database database, SpaceKey space, ManifestItem item) {
    item.items("sources", "alias").ifPresent(all -> sources(database, space, all));
    item.items("policies", "name").ifPresent(all -> policies(space, all));
  }

  private void sources(Database database, SpaceKey space, List<ManifestItem> items) {
    SourceGate gate = SourceGate.of(tx, actor, space.tenant().value(), database.name().value());
    Map<String, ManifestItem> wanted =
        ManifestItem.byName(
            items, item -> item.required("alias").toLowerCase(java.util.Locale.ROOT));
    if (prune) {
      for (Source source : tx.sources().list(space)) {
        if (!wanted.containsKey(source.alias().value())) {
          sources.delete(gate, source);
        }
      }
    }
    wanted.forEach((alias, item) -> item.apply(() -> source(gate, alias, item)));
  }

  private void source(SourceGate gate, String alias, ManifestItem item) {
    SourceInput input =
        new SourceInput(
            item.text("description"),
            false,
            item.text("setupSql"),
            item.text("connector"),
            item.map("properties"),
            item.flag("readOnly"),
            item.flag("disabled"),
            item.flag("allowInlineSecrets"),
            item.text("onStartFailure"),
            item.text("extensionDirectory"));
    Source source = sources.put(gate, alias, input);
    item.items("secrets", "name").ifPresent(all -> secrets(gate, source, all));
    item.items("policies", "name").ifPresent(all -> sourcePolicies(source, all));
    item.requireNoOthers();
  }

  private void secrets(SourceGate gate, Source source, List<ManifestItem> items) {
    Map<String, ManifestItem> wanted = ManifestItem.byName(items, item -> item.required("name"));
    for (SourceSecret secret : tx.sources().secrets(source.id())) {
      if (!wanted.containsKey(secret.name())) {
        sources.deleteSecret(gate, source, secret);
      }
    }
    wanted.forEach((name, item) -> item.apply(() -> secret(gate, source, name, item)));
  }

  private void secret(SourceGate gate, Source source, String name, ManifestItem item) {
    Optional<String> reference = item.text("externalRef");
    Optional<String> value =
        item.text("value").filter(text -> !text.equals(ManifestSources.REDACTED));
    item.requireNoOthers();
    Optional<SourceSecret> present = tx.sources().secret(source.id(), name);
    if (value.isPresent() && reference.isPresent()) {
      throw item.invalid("exactly one of value/externalRef must be set");
    }
    if (value.isPresent()) {
      sources.putSecret(gate, source, name, value.map(Secret::of), Optional.empty());
      whole.newValue(item.place());
    } else if (reference.isPresent()) {
      if (!reference.equals(present.flatMap(SourceSecret::externalRef))) {
        sources.putSecret(gate, source, name, Optional.empty(), reference);
      }
    } else if (present.flatMap(SourceSecret::sealed).isEmpty()) {
      throw item.invalid("no existing value to reuse; provide value or externalRef");
    }
  }

  /** A policy by its names. */
  private record Rule(
      String name,
      String schema,
      String table,
      @Nullable String column,
      @Nullable String role,
      String expression) {
    static Rule of(ManifestItem item) {
      Rule rule =
          new Rule(
              item.required("name"),
              item.required("schema"),
              item.required("table"),
              item.text("column").orElse(null),
              item.text("role").orElse(null),
              item.required("expression"));
      item.requireNoOthers();
      return rule;
    }

    /** Those that tell it apart. */
    List<String> key() {
      return List.of(schema, table, name);
    }

    Optional<RoleRef> holders() {
      return Optional.ofNullable(role).map(ManifestPrincipals::roleRef);
    }
  }

  private static Map<List<String>, ManifestItem> rules(List<ManifestItem> items) {
    return ManifestItem.byName(
        items,
        item -> List.of(item.required("schema"), item.required("table"), item.required("name")));
  }

  private @Nullable String role(Optional<RoleId> id) {
    Optional<Role> role = id.flatMap(tx.roles()::find);
    return role.map(found -> GrantAdministration.ref(tx, found).toString()).orElse(null);
  }

  private void policies(SpaceKey space, List<ManifestItem> items) {
    Map<List<String>, ManifestItem> wanted = rules(items);
    Map<List<String>, Rule> present = new LinkedHashMap<>();
    for (Policy policy : tx.policies().all(space)) {
      Optional<CollectionEntry> entry = names.live(policy.collection());
      if (entry.isEmpty()) {
        continue;
      }
      Rule rule =
          new Rule(
              policy.name(),
              entry.get().ref().schema().value(),
              entry.get().ref().name(),
              policy.fieldId().isEmpty()
                  ? null
                  : names.column(entry.get(), policy.fieldId().getAsInt()).orElse(null),
              role(policy.role()),
              policy.expression());
      ManifestItem item = wanted.get(rule.key());
      if (item != null && Rule.of(item).equals(rule)) {
        present.put(rule.key(), rule);
      } else {
        PolicyAdministration.drop(tx, actor, space, entry.get().id(), policy.name());
      }
    }
    wanted.forEach((key, item) -> {
      if (!present.containsKey(key)) {
        item.apply(() -> create(space, Rule.of(item), item));
      }
    });
  }

  private void create(SpaceKey space, Rule rule, ManifestItem item) {
    Optional<CollectionEntry> entry = names.table(space, rule.schema(), rule.table());
    if (entry.isEmpty()) {
      whole.skip(item.place(), "there is no table " + rule.schema() + "." + rule.table());
    } else if (rule.column() == null) {
      PolicyAdministration.createRowFilter(
          tx, actor, space, entry.get().id(), rule.name(), rule.holders(), rule.expression());
    } else {
      Optional<Integer> field = names.fieldId(entry.get(), Objects.requireNonNull(rule.column()));
      if (field.isEmpty()) {
        whole.skip(item.place(), "there is no column " + rule.column());
      } else {
        PolicyAdministration.createColumnMask(
            tx,
            actor,
            space,
            entry.get().id(),
            field.get(),
            rule.name(),
            rule.holders(),
            rule.expression());
      }
    }
  }

  private void sourcePolicies(Source source, List<ManifestItem> items) {
    Map<List<String>, ManifestItem> wanted = rules(items);
    Map<List<String>, Rule> present = new LinkedHashMap<>();
    for (SourcePolicy policy : tx.sourcePolicies().all(source.space())) {
      if (!policy.table().source().equals(source.id())) {
        continue;
      }
      Rule rule =
          new Rule(
              policy.name(),
              policy.table().schema(),
              policy.table().table(),
              policy.column().orElse(null),
              role(policy.role()),
              policy.expression());
      ManifestItem item = wanted.get(rule.key());
      if (item != null && Rule.of(item).equals(rule)) {
        present.put(rule.key(), rule);
      } else {
        SourcePolicyAdministration.drop(tx, actor, source, policy.table(), policy.name());
      }
    }
    wanted.forEach((key, item) -> {
      if (!present.containsKey(key)) {
        Rule rule = Rule.of(item);
        item.apply(() ->
            SourcePolicyAdministration.create(
                tx,
                actor,
                source,
                new SourceTable(source.id(), rule.schema(), rule.table()),
                Optional.ofNullable(rule.column()),
                rule.name(),
                rule.holders(),
                rule.expression()));
      }
    });
  }
}
