package dev.polder.engine.manifest;

import dev.polder.engine.internal.space.PinnedSpace;
import dev.polder.lake.Lake;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.source.Source;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseName;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.Securable;
import dev.polder.model.SourceAlias;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import dev.polder.model.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Finds names of what grants and policies are on, and what is of those names. Bound to one
 * metastore transaction.
 */
final class ManifestNames {
  private final MetastoreTransaction tx;
  private final Lake lake;

  ManifestNames(MetastoreTransaction tx, Lake lake) {
    this.tx = tx;
    this.lake = lake;
  }

  /**
   * Where a grant is, by names that hold elsewhere too.
   *
   * @param source an alias; null: it is on what is ours
   */
  record Place(
      String database,
      String tenant,
      @Nullable String source,
      @Nullable String schema,
      @Nullable String table,
      @Nullable String column) {
    @Override
    public String toString() {
      List<String> parts = new ArrayList<>(List.of(database));
      for (String part : new @Nullable String[] {source, schema, table, column}) {
        if (part != null) {
          parts.add(part);
        }
      }
      return String.join(".", parts);
    }
  }

  /** Empty: what it is on was dropped. */
  Optional<Place> place(Securable on) {
    Optional<Database> database =
        tx.databases().find(on.space().database()).filter(it -> it.droppedAt().isEmpty());
    if (database.isEmpty()) {
      return Optional.empty();
    }
    String name = database.get().name().value();
    String tenant = on.space().tenant().value();
    return switch (on) {
      case Securable.Space ignored -> Optional.of(new Place(name, tenant, null, null, null, null));
      case Securable.Schema(SpaceKey in, SchemaId schema) ->
          tx.schemas()
              .find(schema)
              .filter(found -> found.droppedSeq().isEmpty())
              .map(found -> new Place(name, tenant, null, found.name().value(), null, null));
      case Securable.Collection(SpaceKey in, SchemaId schema, CollectionId id) ->
          live(id).map(entry -> of(name, tenant, entry, null));
      case Securable.Column(SpaceKey in, SchemaId schema, CollectionId id, int field) ->
          live(id)
              .flatMap(entry -> column(entry, field).map(found -> of(name, tenant, entry, found)));
      case Securable.Source(SpaceKey in, var id, List<String> path) ->
          tx.sources()
              .find(id)
              .map(source ->
                  new Place(
                      name, tenant, source.alias().value(), at(path, 0), at(path, 1), at(path, 2)));
    };
  }

  private static @Nullable String at(List<String> path, int index) {
    return index < path.size() ? path.get(index) : null;
  }

  private static Place of(
      String database, String tenant, CollectionEntry entry, @Nullable String column) {
    return new Place(
        database, tenant, null, entry.ref().schema().value(), entry.ref().name(), column);
  }

  Optional<CollectionEntry> live(CollectionId id) {
    return tx.collections().find(id).filter(entry -> entry.droppedSeq().isEmpty());
  }

  Optional<String> column(CollectionEntry entry, int fieldId) {
    return columns(entry).stream()
        .filter(field -> field.fieldId() == fieldId)
        .map(Types.NestedField::name)
        .findFirst();
  }

  Optional<Integer> fieldId(CollectionEntry entry, String column) {
    return columns(entry).stream()
        .filter(field -> field.name().equalsIgnoreCase(column))
        .map(Types.NestedField::fieldId)
        .findFirst();
  }

  private List<Types.NestedField> columns(CollectionEntry entry) {
    PinnedSpace reader = PinnedSpace.newest(lake, tx, entry.space());
    return reader
        .find(entry.ref(), Optional.empty())
        .map(found -> reader.schema(found).columns())
        .orElse(List.of());
  }

  /** Empty: there is no such thing here. */
  Optional<Securable> securable(Place place) {
    Optional<SpaceKey> space =
        tx.databases()
            .find(new DatabaseName(place.database()))
            .map(database -> new SpaceKey(database.id(), new TenantId(place.tenant())))
            .filter(tx.spaces()::exists);
    return space.flatMap(key -> within(key, place));
  }

  private Optional<Securable> within(SpaceKey space, Place place) {
    if (place.source() != null) {
      return source(space, place.source())
          .map(source -> new Securable.Source(space, source.id(), path(place)));
    }
    if (place.schema() == null) {
      return Optional.of(new Securable.Space(space));
    }
    if (place.table() == null) {
      return tx.schemas()
          .find(space, new SchemaName(place.schema()))
          .map(schema -> new Securable.Schema(space, schema.id()));
    }
    Optional<CollectionEntry> entry = table(space, place.schema(), place.table());
    Optional<String> column = Optional.ofNullable(place.column());
    if (column.isEmpty()) {
      return entry.map(found -> new Securable.Collection(space, found.schema(), found.id()));
    }
    return entry.flatMap(found ->
        fieldId(found, column.get())
            .map(field -> new Securable.Column(space, found.schema(), found.id(), field)));
  }

  private static List<String> path(Place place) {
    List<String> path = new ArrayList<>();
    for (String part : new @Nullable String[] {place.schema(), place.table(), place.column()}) {
      if (part == null) {
        break;
      }
      path.add(part);
    }
    return path;
  }

  Optional<CollectionEntry> table(SpaceKey space, String schema, String table) {
    return tx.collections().find(space, TableRef.of(schema, table));
  }

  Optional<Source> source(SpaceKey space, String alias) {
    return SourceAlias.of(alias).flatMap(it -> tx.sources().find(space, it));
  }
}
