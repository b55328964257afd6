package dev.polder.engine.internal.instance;

import dev.polder.duck.CatalogHandle;
import dev.polder.duck.DeletedRowsRegistration;
import dev.polder.duck.Instance;
import dev.polder.duck.InstanceConnection;
import dev.polder.duck.Sql;
import dev.polder.sql.bind.CatalogContents;
import dev.polder.sql.bind.CatalogContents.Definition;
import dev.polder.sql.catalog.Relation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The private catalogs of one instance, the last used kept: a statement whose catalog would hold
 * the same views gets the one that is there. Thread-safe.
 */
public final class PrivateCatalogs implements AutoCloseable {
  private static final int KEPT = 128;
  private static final String DEFAULT_SCHEMA = "main";

  private final Instance instance;
  private final LinkedHashMap<Object, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  PrivateCatalogs(Instance instance) {
    this.instance = instance;
  }

  /** One catalog; the registrations live as long as somebody holds it. */
  private static final class Entry {
    private final CatalogHandle handle;
    private final List<DeletedRowsRegistration> deletes;
    private int holders = 1;

    Entry(CatalogHandle handle, List<DeletedRowsRegistration> deletes) {
      this.handle = handle;
      this.deletes = deletes;
    }
  }

  /** A hold on a catalog; closing it lets the catalog go when it is no longer kept. */
  public final class Hold implements AutoCloseable {
    private final Entry entry;

    private Hold(Entry entry) {
      this.entry = entry;
    }

    public CatalogHandle handle() {
      return entry.handle;
    }

    @Override
    public void close() {
      release(entry);
    }
  }

  /** The catalog with these contents, made when it is not there. */
  public Hold hold(CatalogContents contents) {
    Object key = contents.key();
    Hold kept = existing(key);
    if (kept != null) {
      return kept;
    }
    Entry made = make(contents);
    synchronized (this) {
      Entry raced = entries.get(key);
      if (raced == null) {
        made.holders++;
        entries.put(key, made);
        evict();
      }
    }
    return new Hold(made);
  }

  private synchronized @Nullable Hold existing(Object key) {
    Entry entry = entries.get(key);
    if (entry == null) {
      return null;
    }
    entry.holders++;
    return new Hold(entry);
  }

  private void evict() {
    Iterator<Entry> oldest = entries.values().iterator();
    while (entries.size() > KEPT) {
      Entry entry = oldest.next();
      oldest.remove();
      release(entry);
    }
  }

  private void release(Entry entry) {
    boolean last;
    synchronized (this) {
      last = --entry.holders == 0;
    }
    if (last) {
      entry.handle.close();
      entry.deletes.forEach(DeletedRowsRegistration::close);
    }
  }

  private Entry make(CatalogContents contents) {
    List<DeletedRowsRegistration> registrations = new ArrayList<>();
    Map<String, Long> handles = new HashMap<>();
    contents
        .deletes()
        .forEach((name, deleted) -> {
          DeletedRowsRegistration registration = instance.register(deleted::isDeleted);
          registrations.add(registration);
          handles.put(name, registration.handle());
        });
    try {
      CatalogHandle handle = instance.attachPrivate(name -> statements(name, contents, handles));
      try {
        fill(handle, contents);
      } catch (RuntimeException e) {
        handle.close();
        throw e;
      }
      return new Entry(handle, registrations);
    } catch (RuntimeException e) {
      registrations.forEach(DeletedRowsRegistration::close);
      throw e;
    }
  }

  private static List<String> statements(
      String catalog, CatalogContents contents, Map<String, Long> handles) {
    List<String> statements = new ArrayList<>();
    Set<String> schemas = new LinkedHashSet<>();
    schemas.add(contents.schema());
    contents.definitions().forEach(definition -> schemas.add(definition.schema()));
    contents.relations().forEach(relation -> schemas.add(relation.schema()));
    // A new catalog has this one.
    schemas.removeIf(DEFAULT_SCHEMA::equalsIgnoreCase);
    for (String schema : schemas) {
      statements.add("CREATE SCHEMA IF NOT EXISTS " + Sql.identifier(catalog, schema));
    }
    for (CatalogContents.NamedRelation relation : contents.relations()) {
      statements.add(
          relation.relation().columns().stream()
              .map(column -> Sql.identifier(column.name()) + " " + column.type())
              .collect(
                  Collectors.joining(
                      ", ",
                      "CREATE TABLE "
                          + Sql.identifier(catalog, relation.schema(), relation.name())
                          + " (",
                      ")")));
    }
    if (contents.definitions().size() > 1) {
      // They may name each other.
      statements.add("USE " + Sql.identifier(catalog, contents.schema()));
    }
    for (Definition definition : contents.definitions()) {
      statements.add(statement(catalog, definition, handles));
    }
    return statements;
  }

  private static String statement(
      String catalog, Definition definition, Map<String, Long> handles) {
    return switch (definition) {
      case Definition.View(String schema, String name, String query) ->
          "CREATE VIEW "
              + Sql.identifier(catalog, schema, name)
              + " AS "
              + withHandles(query, handles);
      case Definition.Macro(String schema, String name, String parameters, String body) ->
          "CREATE MACRO "
              + Sql.identifier(catalog, schema, name)
              + "("
              + parameters
              + ") AS "
              + body;
    };
  }

  private static String withHandles(String query, Map<String, Long> handles) {
    String text = query;
    for (Map.Entry<String, Long> handle : handles.entrySet()) {
      text = text.replace(handle.getKey(), handle.getValue().toString());
    }
    return text;
  }

  private void fill(CatalogHandle handle, CatalogContents contents) {
    if (contents.relations().isEmpty()) {
      return;
    }
    try (InstanceConnection connection = instance.connect()) {
      for (CatalogContents.NamedRelation named : contents.relations()) {
        Relation relation = named.relation();
        if (!relation.rows().isEmpty()) {
          connection.append(handle.name(), named.schema(), named.name(), relation.rows());
        }
      }
    }
  }

  @Override
  public void close() {
    List<Entry> all;
    synchronized (this) {
      all = List.copyOf(entries.values());
      entries.clear();
    }
    all.forEach(this::release);
  }
}
