package dev.polder.policy.internal;

import dev.polder.model.CollectionId;
import dev.polder.model.Privilege;
import dev.polder.model.SchemaId;
import dev.polder.model.Securable;
import dev.polder.model.SourceId;
import dev.polder.policy.Grant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The grants of one principal in one space, arranged for look-up. A grant covers everything below
 * its securable. Unmodifiable once built.
 */
public final class GrantIndex {
  private final Set<Privilege> space = EnumSet.noneOf(Privilege.class);
  private final Map<SchemaId, Set<Privilege>> schemas = new HashMap<>();
  private final Map<CollectionId, Set<Privilege>> collections = new HashMap<>();
  private final Map<CollectionId, Map<Privilege, Set<Integer>>> columns = new HashMap<>();
  private final Set<SchemaId> schemasWithGrantsBelow = new HashSet<>();
  private final SourceGrantIndex sources = new SourceGrantIndex();

  public GrantIndex(Collection<Grant> grants) {
    for (Grant grant : grants) {
      Privilege privilege = grant.privilege();
      switch (grant.securable()) {
        case Securable.Space ignored -> space.add(privilege);
        case Securable.Schema schema -> add(schemas, schema.schema(), privilege);
        case Securable.Collection on -> {
          schemasWithGrantsBelow.add(on.schema());
          add(collections, on.collection(), privilege);
        }
        case Securable.Column on -> {
          schemasWithGrantsBelow.add(on.schema());
          columns
              .computeIfAbsent(on.collection(), key -> new HashMap<>())
              .computeIfAbsent(privilege, key -> new HashSet<>())
              .add(on.fieldId());
        }
        case Securable.Source on -> sources.add(on, privilege);
      }
    }
  }

  public boolean isEmpty() {
    return space.isEmpty()
        && schemas.isEmpty()
        && collections.isEmpty()
        && columns.isEmpty()
        && sources.isEmpty();
  }

  public boolean onSpace(Privilege privilege) {
    return space.contains(privilege);
  }

  public boolean onSchema(Privilege privilege, SchemaId schema) {
    return onSpace(privilege) || schemas.getOrDefault(schema, Set.of()).contains(privilege);
  }

  public boolean onCollection(Privilege privilege, SchemaId schema, CollectionId collection) {
    return onSchema(privilege, schema)
        || collections.getOrDefault(collection, Set.of()).contains(privilege);
  }

  /** The columns granted one by one. */
  public Set<Integer> columns(Privilege privilege, CollectionId collection) {
    return columns.getOrDefault(collection, Map.of()).getOrDefault(privilege, Set.of());
  }

  public boolean touchesSchema(SchemaId schema) {
    return !space.isEmpty()
        || schemas.containsKey(schema)
        || schemasWithGrantsBelow.contains(schema);
  }

  public boolean touchesCollection(SchemaId schema, CollectionId collection) {
    return !space.isEmpty()
        || schemas.containsKey(schema)
        || collections.containsKey(collection)
        || columns.containsKey(collection);
  }

  public boolean touchesColumn(SchemaId schema, CollectionId collection, int fieldId) {
    return !space.isEmpty()
        || schemas.containsKey(schema)
        || collections.containsKey(collection)
        || columns.getOrDefault(collection, Map.of()).values().stream()
            .anyMatch(fields -> fields.contains(fieldId));
  }

  public boolean onSource(Privilege privilege, SourceId source, List<String> path) {
    return sources.covers(privilege, source, path);
  }

  /** The columns of a table of a source granted one by one. */
  public Set<String> sourceColumns(
      Privilege privilege, SourceId source, String schema, String table) {
    return sources.below(privilege, source, List.of(schema, table));
  }

  public boolean touchesSource(SourceId source, List<String> path) {
    return sources.touches(source, path);
  }

  private static <K> void add(Map<K, Set<Privilege>> to, K key, Privilege privilege) {
    to.computeIfAbsent(key, ignored -> EnumSet.noneOf(Privilege.class)).add(privilege);
  }
}
