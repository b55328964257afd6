package dev.polder.engine.internal.catalog;

import dev.polder.engine.catalog.GovernedCatalog.PropertyChanges;
import dev.polder.engine.catalog.NamePage;
import dev.polder.metastore.Page;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Schema;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import dev.polder.model.SchemaName;
import dev.polder.sql.catalog.MetadataRelation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.iceberg.catalog.Namespace;

/** Namespaces of a space for one principal. Thread-safe. */
record NamespaceCalls(CatalogScope scope) {
  NamePage<Namespace> list(Namespace parent, Optional<String> after, int limit) {
    Optional<SchemaName> around =
        parent.isEmpty() ? Optional.empty() : Optional.of(NamespaceNames.schema(parent));
    return scope.read(
        "LIST NAMESPACES",
        parent.toString(),
        (tx, access) -> {
          around.ifPresent(name -> scope.schema(tx, access, name));
          List<Namespace> names = new ArrayList<>();
          Optional<String> from = after;
          while (true) {
            Page<Schema> page = tx.schemas().list(scope.space(), from, Page.MAX_LIMIT);
            for (Schema schema : page.items()) {
              if (schema.name().parent().equals(around) && access.visible(schema.id())) {
                if (names.size() == limit) {
                  return new NamePage<>(names, from);
                }
                names.add(NamespaceNames.namespace(schema.name()));
              }
              from = Optional.of(schema.name().key());
            }
            if (page.next().isEmpty()) {
              return new NamePage<>(names, Optional.empty());
            }
          }
        });
  }

  Map<String, String> properties(Namespace name) {
    SchemaName schema = NamespaceNames.schema(name);
    return scope.read(
        "LOAD NAMESPACE",
        schema.value(),
        (tx, access) -> scope.schema(tx, access, schema).properties());
  }

  void create(Namespace name, Map<String, String> properties) {
    SchemaName schema = NamespaceNames.schema(name);
    if (MetadataRelation.isMetadataSchema(schema.key())) {
      throw new PolderException(
          ErrorCode.INVALID_NAME, "namespace " + schema + " is the server's own");
    }
    scope.read(
        "CREATE NAMESPACE",
        schema.value(),
        (tx, access) -> {
          Optional<SchemaName> parent = schema.parent();
          if (parent.isPresent()) {
            scope.creatable(tx, access, parent.get());
          } else {
            access.onSpace(Privilege.CREATE, scope.database(tx).name().value()).require();
          }
          tx.schemas()
              .find(scope.space(), schema)
              .ifPresent(found -> {
                throw Sentences.namespaceExists(schema);
              });
          return true;
        });
    scope.change(
        scope.note("CREATE NAMESPACE " + schema, scope.created(schema)),
        tx -> tx.createSchema(schema, properties));
  }

  void drop(Namespace name) {
    SchemaName schema = NamespaceNames.schema(name);
    scope.read(
        "DROP NAMESPACE",
        schema.value(),
        (tx, access) -> {
          Schema found = scope.schema(tx, access, schema);
          access.onSchema(Privilege.DROP, found.id(), schema.value()).require();
          return true;
        });
    try {
      scope.change(scope.note("DROP NAMESPACE " + schema), tx -> tx.dropSchema(schema));
    } catch (PolderException e) {
      throw e.code() == ErrorCode.SCHEMA_NOT_EMPTY ? Sentences.notEmpty(schema, e) : e;
    }
  }

  PropertyChanges update(Namespace name, Set<String> removed, Map<String, String> updated) {
    SchemaName schema = NamespaceNames.schema(name);
    return scope.write(
        "ALTER NAMESPACE",
        schema.value(),
        (tx, access) -> {
          Schema found = scope.schema(tx, access, schema);
          access.onSchema(Privilege.ALTER, found.id(), schema.value()).require();
          Map<String, String> properties = new HashMap<>(found.properties());
          List<String> missing =
              removed.stream().filter(key -> !properties.containsKey(key)).sorted().toList();
          properties.keySet().removeAll(removed);
          properties.putAll(updated);
          tx.schemas().setProperties(found.id(), properties);
          tx.audit()
              .append(
                  new AuditEvent(
                      Optional.of(scope.space().database()),
                      Optional.of(scope.identity().name()),
                      Optional.of(scope.space().tenant()),
                      EventType.SCHEMA_ALTERED,
                      Optional.of(schema.value()),
                      AuditOutcome.SUCCESS,
                      AuditEvent.detail(Map.of("properties", "changed"))));
          String flags = flags(removed, missing);
          scope.complete(tx, flags);
          return changes(removed, updated, flags);
        });
  }

  /** Which of the removed properties were missing, in their order. */
  private static String flags(Set<String> removed, List<String> missing) {
    return removed.stream()
        .sorted()
        .map(key -> missing.contains(key) ? "1" : "0")
        .collect(Collectors.joining());
  }

  static PropertyChanges changes(Set<String> removed, Map<String, String> updated, String flags) {
    List<String> sorted = removed.stream().sorted().toList();
    return new PropertyChanges(
        updated.keySet().stream().sorted().toList(),
        flagged(sorted, flags, '0'),
        flagged(sorted, flags, '1'));
  }

  private static List<String> flagged(List<String> keys, String flags, char flag) {
    return IntStream.range(0, keys.size())
        .filter(i -> flags.charAt(i) == flag)
        .mapToObj(keys::get)
        .toList();
  }
}
