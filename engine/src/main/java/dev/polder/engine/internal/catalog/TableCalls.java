package dev.polder.engine.internal.catalog;

import dev.polder.engine.catalog.NamePage;
import dev.polder.engine.catalog.TableCreation;
import dev.polder.engine.catalog.TableUpdate;
import dev.polder.lake.Lake;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.TableDefinition;
import dev.polder.lake.commit.RequestedUpdate;
import dev.polder.lake.commit.UpdateCommits;
import dev.polder.maintenance.Purge;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.Schema;
import dev.polder.metastore.commit.CommitStep;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.JobId;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.TableRef;
import dev.polder.policy.Access;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.ValidationException;

/** Tables of a space for one principal. Thread-safe. */
record TableCalls(CatalogScope scope) {
  NamePage<TableIdentifier> list(Namespace namespace, Optional<String> after, int limit) {
    return list(scope, CollectionKind.TABLE, namespace, after, limit);
  }

  static NamePage<TableIdentifier> list(
      CatalogScope scope,
      CollectionKind kind,
      Namespace namespace,
      Optional<String> after,
      int limit) {
    SchemaName name = NamespaceNames.schema(namespace);
    return scope.readBound(
        "LIST " + kind + "S",
        name.value(),
        (tx, bound) ->
            scope
                .names()
                .get(
                    bound,
                    kind,
                    namespace,
                    after,
                    limit,
                    () -> {
                      Schema schema = scope.schema(tx, bound.access(), name);
                      return list(tx, bound.access(), schema.id(), kind, namespace, after, limit);
                    }));
  }

  private static NamePage<TableIdentifier> list(
      MetastoreTransaction tx,
      Access access,
      SchemaId schema,
      CollectionKind kind,
      Namespace namespace,
      Optional<String> after,
      int limit) {
    List<TableIdentifier> names = new ArrayList<>();
    Optional<String> from = after;
    while (true) {
      var page = tx.collections().names(schema, kind, from, limit);
      for (var entry : page.items()) {
        if (access.visible(schema, entry.id())) {
          if (names.size() == limit) {
            return new NamePage<>(names, from);
          }
          names.add(TableIdentifier.of(namespace, entry.name()));
        }
        from = Optional.of(entry.key());
      }
      if (page.next().isEmpty()) {
        return new NamePage<>(names, Optional.empty());
      }
    }
  }

  TableMetadata load(TableIdentifier name) {
    FoundTable found =
        scope.readBound(
            "LOAD TABLE",
            name.toString(),
            (tx, bound) ->
                new FoundTable(bound.database(), readable(scope, tx, bound.access(), name)));
    scope.handedOut("LOAD TABLE", found.database(), found.table());
    requireFile(found.table().metadataLocation());
    return lake().metadataFiles().table(found.table());
  }

  /** A table whose metadata the principal may have. */
  private record FoundTable(Database database, LakeCollection table) {}

  /** What a commit asks for, and the rights that it was asked with. */
  private record Wanted(Access access, List<RequestedUpdate> updates) {}

  /** A client is to hear of a lost file here and not when it reads; an object store loses none. */
  private void requireFile(String location) {
    if (lake().warehouse().isLocal() && !lake().warehouse().io().newInputFile(location).exists()) {
      throw new PolderException(
          ErrorCode.METADATA_FILE_MISSING, "Failed to open input stream for file: " + location);
    }
  }

  /** The name of the database that has it. */
  static DatabaseName require(CatalogScope scope, TableIdentifier name, CollectionKind kind) {
    return scope.readBound(
        "LOAD " + kind,
        name.toString(),
        (tx, bound) ->
            find(scope, tx, bound.access(), name, kind)
                .map(found -> bound.database().name())
                .orElseThrow(() -> Sentences.none(kind, name)));
  }

  TableMetadata create(Namespace namespace, TableCreation creation) {
    TableRef ref = new TableRef(NamespaceNames.schema(namespace), creation.name());
    LakeCollection fresh = fresh(ref);
    TableMetadata metadata = metadata(fresh, creation);
    return scope.audited(
        "CREATE TABLE",
        ref.toString(),
        () ->
            lake()
                .updates()
                .commitMetadata(
                    fresh, null, metadata, scope.note("CREATE TABLE " + ref, scope.created(fresh)))
                .orElseThrow(
                    () -> Sentences.exists(CollectionKind.TABLE, CollectionKind.TABLE, ref)));
  }

  TableMetadata stage(Namespace namespace, TableCreation creation) {
    TableRef ref = new TableRef(NamespaceNames.schema(namespace), creation.name());
    TableMetadata staged = metadata(fresh(ref), creation);
    lake().warehouse().prepare(staged.location());
    return staged;
  }

  private TableMetadata metadata(LakeCollection table, TableCreation creation) {
    Map<String, String> properties = new HashMap<>(creation.properties());
    String version = properties.remove(TableProperties.FORMAT_VERSION);
    try {
      int format = version == null ? 2 : Integer.parseInt(version);
      TableRules.requireFormat(format);
      TableDefinition definition =
          new TableDefinition(
              creation.schema(), creation.spec(), creation.order(), properties, format);
      String location =
          creation.location().filter(lake().warehouse()::isExternal).orElse(table.location());
      TableMetadata wanted = lake().defaults().createPlain(definition, table.uuid(), location);
      TableRules.requireProperties(
          lake().warehouse()::isExternal, lake().defaults().engineGc(), null, wanted);
      return wanted;
    } catch (NumberFormatException e) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER, "format-version '" + version + "' is no number", e);
    } catch (IllegalArgumentException | IllegalStateException | ValidationException e) {
      throw Sentences.invalid(e);
    }
  }

  private LakeCollection fresh(TableRef ref) {
    return fresh(scope, ref, CollectionKind.TABLE);
  }

  /** A place for something new under a name that is free. */
  static LakeCollection fresh(CatalogScope scope, TableRef ref, CollectionKind kind) {
    Lake lake = scope.engine().lake();
    UUID uuid = lake.ids().next();
    return scope.read(
        "CREATE " + kind,
        ref.toString(),
        (tx, access) -> {
          Schema schema = scope.creatable(tx, access, ref.schema());
          requireFree(scope, tx, ref, kind);
          return new LakeCollection(
              new CollectionId(lake.ids().next().toString()),
              scope.space(),
              schema.id(),
              ref,
              kind,
              uuid,
              lake.warehouse().location(scope.space(), uuid),
              "",
              0);
        });
  }

  static void requireFree(
      CatalogScope scope, MetastoreTransaction tx, TableRef ref, CollectionKind wants) {
    tx.collections()
        .find(scope.space(), ref)
        .ifPresent(found -> {
          throw Sentences.exists(found.kind(), wants, ref);
        });
  }

  TableMetadata commit(TableUpdate update) {
    return commitAll(List.of(update)).getFirst();
  }

  List<TableMetadata> commitAll(List<TableUpdate> updates) {
    Set<TableIdentifier> once = new HashSet<>();
    for (TableUpdate update : updates) {
      if (!once.add(update.name())) {
        throw new PolderException(
            ErrorCode.INVALID_PARAMETER, update.name() + " is changed twice in one transaction");
      }
    }
    String names =
        String.join(", ", once.stream().map(TableIdentifier::toString).sorted().toList());
    Wanted wanted =
        scope.read(
            "UPDATE TABLE",
            names,
            (tx, access) ->
                new Wanted(
                    access,
                    updates.stream().map(update -> requested(tx, access, update)).toList()));
    List<RequestedUpdate> requested = wanted.updates();
    LakeCollection[] made =
        requested.stream()
            .filter(RequestedUpdate::created)
            .map(RequestedUpdate::table)
            .toArray(LakeCollection[]::new);
    List<UpdateCommits.Updated> done =
        scope.audited(
            "UPDATE TABLE",
            names,
            () ->
                lake()
                    .updates()
                    .commit(
                        scope.space(),
                        requested,
                        new TableRules(
                            wanted.access(),
                            lake().warehouse()::isExternal,
                            lake().defaults().engineGc(),
                            this::isFree),
                        scope.note("UPDATE " + names, scope.created(made))));
    return done.stream().map(UpdateCommits.Updated::metadata).toList();
  }

  private RequestedUpdate requested(MetastoreTransaction tx, Access access, TableUpdate update) {
    TableRef ref = NamespaceNames.ref(update.name());
    Optional<LakeCollection> found = find(scope, tx, access, update.name(), CollectionKind.TABLE);
    if (update.creates() && found.isEmpty()) {
      Schema schema = scope.creatable(tx, access, ref.schema());
      requireFree(scope, tx, ref, CollectionKind.TABLE);
      return new RequestedUpdate(
          new LakeCollection(
              new CollectionId(lake().ids().next().toString()),
              scope.space(),
              schema.id(),
              ref,
              CollectionKind.TABLE,
              lake().ids().next(),
              "",
              "",
              0),
          true,
          update.requirements(),
          update.updates());
    }
    LakeCollection table = found.orElseThrow(() -> Sentences.noTable(update.name()));
    TableRules.requireUnrestricted(access, table);
    return new RequestedUpdate(table, false, update.requirements(), update.updates());
  }

  /** A directory as {@link #fresh} gives it, that no table, dropped ones included, ever had. */
  private boolean isFree(LakeCollection table) {
    String own = lake().warehouse().location(scope.space(), table.uuid());
    return table.location().equals(own)
        && table.metadataLocation().isEmpty()
        && scope.engine().metastore().read(tx -> tx.collections().at(scope.space(), own).isEmpty());
  }

  Optional<JobId> drop(TableIdentifier name, boolean purge) {
    if (!purge) {
      drop(scope, name, CollectionKind.TABLE);
      return Optional.empty();
    }
    LakeCollection table =
        droppable(scope, name, CollectionKind.TABLE, List.of(Privilege.DROP, Privilege.DELETE));
    JobId task = new JobId(lake().ids().next().toString());
    String operation = "DROP TABLE " + table.ref() + " PURGE";
    CommitStep enqueue = (tx, commit) -> Purge.enqueue(tx, task, table, scope.identity().id());
    scope.change(
        scope.note(operation, Optional.of(task.value()), List.of(enqueue)), tx -> tx.drop(table));
    return Optional.of(task);
  }

  static void drop(CatalogScope scope, TableIdentifier name, CollectionKind kind) {
    LakeCollection object = droppable(scope, name, kind, List.of(Privilege.DROP));
    scope.change(scope.note("DROP " + kind + " " + object.ref()), tx -> tx.drop(object));
  }

  private static LakeCollection droppable(
      CatalogScope scope, TableIdentifier name, CollectionKind kind, List<Privilege> needed) {
    return scope.read(
        "DROP " + kind,
        name.toString(),
        (tx, access) -> {
          LakeCollection found =
              find(scope, tx, access, name, kind).orElseThrow(() -> Sentences.none(kind, name));
          require(access, found, needed);
          return found;
        });
  }

  private static void require(Access access, LakeCollection object, List<Privilege> needed) {
    for (Privilege privilege : needed) {
      access
          .onCollection(privilege, object.schema(), object.id(), object.ref().toString())
          .require();
    }
  }

  void rename(TableIdentifier from, TableIdentifier to) {
    rename(scope, from, to, CollectionKind.TABLE);
  }

  static void rename(
      CatalogScope scope, TableIdentifier from, TableIdentifier to, CollectionKind kind) {
    TableRef target = NamespaceNames.ref(to);
    LakeCollection object =
        scope.read(
            "RENAME",
            from.toString(),
            (tx, access) -> {
              LakeCollection found =
                  find(scope, tx, access, from, kind).orElseThrow(() -> Sentences.none(kind, from));
              List<Privilege> needed = new ArrayList<>(List.of(Privilege.ALTER, Privilege.DROP));
              Schema schema = scope.creatable(tx, access, target.schema());
              if (!schema.id().equals(found.schema())) {
                // Grants on the new schema would hold for the table.
                needed.add(Privilege.SELECT);
              }
              require(access, found, needed);
              tx.collections()
                  .find(scope.space(), target)
                  .ifPresent(other -> {
                    throw Sentences.cannotRename(from, to, other.kind());
                  });
              return found;
            });
    scope.change(scope.note("RENAME " + object.ref()), tx -> tx.rename(object, target));
  }

  /** What a registration does. */
  private record Registration(
      LakeCollection table,
      CollectionId origin,
      boolean ownFiles,
      Optional<LakeCollection> replaced) {}

  TableMetadata register(
      Namespace namespace, String name, String metadataLocation, boolean overwrite) {
    TableRef ref = new TableRef(NamespaceNames.schema(namespace), name);
    Registration registration =
        scope.read(
            "REGISTER TABLE",
            ref.toString(),
            (tx, access) -> registration(tx, access, ref, metadataLocation, overwrite));
    return scope.audited(
        "REGISTER TABLE",
        ref.toString(),
        () ->
            lake()
                .updates()
                .register(
                    registration.table(),
                    registration.origin(),
                    registration.ownFiles(),
                    registration.replaced(),
                    scope.note("REGISTER TABLE " + ref, scope.created(registration.table()))));
  }

  /**
   * A table that is dropped comes back as it was, in its directory. One that is there gives its
   * version away as to a clone: the new table has an identity and a directory of its own.
   */
  private Registration registration(
      MetastoreTransaction tx,
      Access access,
      TableRef ref,
      String metadataLocation,
      boolean overwrite) {
    Schema schema = scope.creatable(tx, access, ref.schema());
    Optional<CollectionEntry> taken = tx.collections().find(scope.space(), ref);
    if (taken.isPresent() && (!overwrite || taken.get().kind() != CollectionKind.TABLE)) {
      throw Sentences.exists(taken.get().kind(), CollectionKind.TABLE, ref);
    }
    Optional<LakeCollection> replaced = taken.map(LakeCollection::of);
    replaced.ifPresent(table ->
        access.onCollection(Privilege.DROP, table.schema(), table.id(), ref.toString()).require());
    LakeCollection version =
        tx.collections()
            .withMetadata(scope.space(), metadataLocation)
            .map(LakeCollection::of)
            .filter(LakeCollection::isTable)
            .filter(found -> access.visible(found.schema(), found.id()))
            .orElseThrow(() ->
                tx.collections().isPurged(scope.space(), metadataLocation)
                    ? purged(metadataLocation)
                    : notRegistrable(metadataLocation));
    access
        .onCollection(Privilege.SELECT, version.schema(), version.id(), version.ref().toString())
        .require();
    TableRules.requireUnrestricted(access, version);
    boolean free =
        tx.collections().at(scope.space(), version.location()).stream()
            .allMatch(entry ->
                entry.droppedSeq().isPresent()
                    || replaced.filter(table -> table.id().equals(entry.id())).isPresent());
    UUID uuid = free ? version.uuid() : lake().ids().next();
    LakeCollection table =
        new LakeCollection(
            new CollectionId(lake().ids().next().toString()),
            scope.space(),
            schema.id(),
            ref,
            CollectionKind.TABLE,
            uuid,
            free ? version.location() : lake().warehouse().location(scope.space(), uuid),
            metadataLocation,
            version.seq());
    return new Registration(table, version.id(), free, replaced);
  }

  private static PolderException notRegistrable(String location) {
    return new PolderException(
        ErrorCode.INVALID_PARAMETER,
        location
            + " is no metadata file of a table that this database has or had and that you"
            + " may read");
  }

  private static PolderException purged(String location) {
    return new PolderException(
        ErrorCode.INVALID_PARAMETER,
        location + " is of a table that was dropped and purged; it cannot be had back");
  }

  TableMetadata asOf(TableIdentifier name, long seq) {
    return lake().metadataFiles().table(asOf(scope, name, seq, CollectionKind.TABLE));
  }

  /** What had that name after a commit, if the principal may still know of it. */
  static LakeCollection asOf(
      CatalogScope scope, TableIdentifier name, long seq, CollectionKind kind) {
    TableRef ref = NamespaceNames.ref(name);
    return scope.read(
        "LOAD " + kind,
        name.toString(),
        (tx, access) -> {
          LakeCollection found =
              tx.collections()
                  .collectionAsOf(scope.space(), ref.schema(), ref.name(), seq)
                  .map(LakeCollection::of)
                  .filter(it -> it.kind() == kind && access.visible(it.schema(), it.id()))
                  .orElseThrow(() -> Sentences.none(kind, name));
          TableRules.requireUnrestricted(access, found);
          return found;
        });
  }

  /** A table all of whose rows and columns the principal may read. */
  static LakeCollection readable(
      CatalogScope scope, MetastoreTransaction tx, Access access, TableIdentifier name) {
    LakeCollection table =
        find(scope, tx, access, name, CollectionKind.TABLE)
            .orElseThrow(() -> Sentences.noTable(name));
    access
        .onCollection(Privilege.SELECT, table.schema(), table.id(), table.ref().toString())
        .require();
    TableRules.requireUnrestricted(access, table);
    return table;
  }

  /** What the principal may know of under that name. */
  static Optional<LakeCollection> find(
      CatalogScope scope,
      MetastoreTransaction tx,
      Access access,
      TableIdentifier name,
      CollectionKind kind) {
    return tx.collections()
        .find(scope.space(), NamespaceNames.ref(name))
        .filter(entry -> access.visible(entry.schema(), entry.id()))
        .map(LakeCollection::of)
        .filter(entry -> entry.kind() == kind);
  }

  private Lake lake() {
    return scope.engine().lake();
  }
}
