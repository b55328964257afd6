package dev.polder.lake.catalog;

import dev.polder.lake.CommitNote;
import dev.polder.lake.IsolationLevel;
import dev.polder.lake.Lake;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.LakeSnapshot;
import dev.polder.lake.LakeTransaction;
import dev.polder.metastore.catalog.Schema;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NamespaceNotEmptyException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.view.BaseMetastoreViewCatalog;
import org.apache.iceberg.view.ViewOperations;

/**
 * One space as Iceberg's own catalog interface: namespaces of one level are its schemas. Checks no
 * grants; its callers do. Thread-safe.
 */
public final class SpaceCatalog extends BaseMetastoreViewCatalog implements SupportsNamespaces {
  private static final int PAGE = 1000;

  private final Lake lake;
  private final SpaceKey space;
  private final Supplier<CommitNote> notes;

  /**
   * Opens a space.
   *
   * @param notes what the commit log is told of each commit
   */
  public SpaceCatalog(Lake lake, SpaceKey space, Supplier<CommitNote> notes) {
    this.lake = lake;
    this.space = space;
    this.notes = notes;
    initialize("polder", Map.of());
  }

  @Override
  protected TableOperations newTableOps(TableIdentifier identifier) {
    return new SpaceTableOperations(lake, space, ref(identifier), notes);
  }

  @Override
  protected ViewOperations newViewOps(TableIdentifier identifier) {
    return new SpaceViewOperations(lake, space, ref(identifier), notes);
  }

  @Override
  protected String defaultWarehouseLocation(TableIdentifier identifier) {
    return lake.warehouse().location(space, lake.ids().next());
  }

  @Override
  protected boolean isValidIdentifier(TableIdentifier identifier) {
    return identifier.namespace().length() == 1;
  }

  @Override
  public List<TableIdentifier> listTables(Namespace namespace) {
    return list(namespace, false);
  }

  @Override
  public List<TableIdentifier> listViews(Namespace namespace) {
    return list(namespace, true);
  }

  private List<TableIdentifier> list(Namespace namespace, boolean views) {
    SchemaName schema = schema(namespace);
    return lake.metastore()
        .read(tx -> {
          if (tx.schemas().find(space, schema).isEmpty()) {
            throw new NoSuchNamespaceException("Namespace does not exist: %s", namespace);
          }
          return lake.snapshot(tx, space).list().stream()
              .filter(entry -> entry.ref().schema().equals(schema))
              .filter(entry -> entry.isView() == views)
              .map(entry -> TableIdentifier.of(namespace, entry.ref().name()))
              .toList();
        });
  }

  /** Never deletes files, whether purge is asked for or not: the collector does. */
  @Override
  public boolean dropTable(TableIdentifier identifier, boolean purge) {
    return drop(identifier, false);
  }

  @Override
  public boolean dropView(TableIdentifier identifier) {
    return drop(identifier, true);
  }

  private boolean drop(TableIdentifier identifier, boolean view) {
    Optional<LakeCollection> found = find(identifier).filter(entry -> entry.isView() == view);
    found.ifPresent(entry -> commit(tx -> tx.drop(entry)));
    return found.isPresent();
  }

  @Override
  public void renameTable(TableIdentifier from, TableIdentifier to) {
    LakeCollection entry =
        find(from)
            .filter(found -> !found.isView())
            .orElseThrow(() -> new NoSuchTableException("Table does not exist: %s", from));
    rename(entry, to);
  }

  @Override
  public void renameView(TableIdentifier from, TableIdentifier to) {
    LakeCollection entry =
        find(from)
            .filter(LakeCollection::isView)
            .orElseThrow(() ->
                new org.apache.iceberg.exceptions.NoSuchViewException(
                    "View does not exist: %s", from));
    rename(entry, to);
  }

  private void rename(LakeCollection entry, TableIdentifier to) {
    commit(tx -> tx.rename(entry, ref(to)));
  }

  @Override
  public void createNamespace(Namespace namespace, Map<String, String> metadata) {
    commit(tx -> tx.createSchema(schema(namespace), metadata));
  }

  @Override
  public List<Namespace> listNamespaces(Namespace parent) {
    if (!parent.isEmpty()) {
      loadNamespaceMetadata(parent);
      return List.of();
    }
    return lake.metastore()
        .read(tx -> {
          List<Namespace> names = new ArrayList<>();
          Optional<String> after = Optional.empty();
          do {
            var page = tx.schemas().list(space, after, PAGE);
            page.items().forEach(schema -> names.add(Namespace.of(schema.name().value())));
            after = page.next();
          } while (after.isPresent());
          return names;
        });
  }

  @Override
  public Map<String, String> loadNamespaceMetadata(Namespace namespace) {
    return schemaOf(namespace).properties();
  }

  @Override
  public boolean dropNamespace(Namespace namespace) {
    if (!namespaceExists(namespace)) {
      return false;
    }
    commit(tx -> tx.dropSchema(schema(namespace)));
    return true;
  }

  @Override
  public boolean setProperties(Namespace namespace, Map<String, String> set) {
    return update(namespace, properties -> properties.putAll(set));
  }

  @Override
  public boolean removeProperties(Namespace namespace, Set<String> removed) {
    return update(namespace, properties -> properties.keySet().removeAll(removed));
  }

  private boolean update(Namespace namespace, Consumer<Map<String, String>> change) {
    Schema schema = schemaOf(namespace);
    Map<String, String> properties = new HashMap<>(schema.properties());
    change.accept(properties);
    return lake.metastore()
        .write(tx -> {
          tx.schemas().setProperties(schema.id(), properties);
          return true;
        });
  }

  private Schema schemaOf(Namespace namespace) {
    SchemaName name = schema(namespace);
    return lake.metastore()
        .read(tx -> tx.schemas().find(space, name))
        .orElseThrow(() -> new NoSuchNamespaceException("Namespace does not exist: %s", namespace));
  }

  private Optional<LakeCollection> find(TableIdentifier identifier) {
    TableRef ref = ref(identifier);
    return lake.metastore().read(tx -> lake.snapshot(tx, space).find(ref));
  }

  private void commit(Consumer<LakeTransaction> work) {
    long seq = lake.metastore().<Long>read(tx -> newest(lake.snapshot(tx, space)));
    try (LakeTransaction tx = lake.begin(space, seq, IsolationLevel.SNAPSHOT)) {
      work.accept(tx);
      tx.commit(notes.get());
    } catch (PolderException e) {
      throw translated(e);
    }
  }

  private static long newest(LakeSnapshot snapshot) {
    return snapshot.seq();
  }

  static RuntimeException translated(PolderException e) {
    return switch (e.code()) {
      case COLLECTION_EXISTS, SCHEMA_EXISTS -> new AlreadyExistsException(e, "%s", e.getMessage());
      case SCHEMA_NOT_EMPTY -> new NamespaceNotEmptyException(e, "%s", e.getMessage());
      case SCHEMA_NOT_FOUND -> new NoSuchNamespaceException(e, "%s", e.getMessage());
      default -> e;
    };
  }

  static SchemaName schema(Namespace namespace) {
    if (namespace.length() != 1) {
      throw new NoSuchNamespaceException(
          "Namespace does not exist: %s (schemas have one level)", namespace);
    }
    return new SchemaName(namespace.level(0));
  }

  static TableRef ref(TableIdentifier identifier) {
    if (identifier.namespace().length() != 1) {
      throw new PolderException(ErrorCode.COLLECTION_NOT_FOUND, identifier + " does not exist");
    }
    return new TableRef(schema(identifier.namespace()), identifier.name());
  }
}
