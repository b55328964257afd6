package dev.polder.lake.commit;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.LakeSchema;
import dev.polder.lake.LakeSnapshot;
import dev.polder.model.CollectionId;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.TableRef;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a journal does to a space's names. Immutable. */
final class NameOverlay {
  private final Map<TableRef, Optional<LakeCollection>> names = new HashMap<>();
  private final Map<CollectionId, LakeCollection> places = new LinkedHashMap<>();
  private final Map<SchemaName, Optional<SchemaId>> schemas = new HashMap<>();

  NameOverlay(List<Step> journal) {
    journal.forEach(this::apply);
  }

  private void apply(Step step) {
    switch (step) {
      case Step.Change ignored -> {}
      case Step.ReplaceView ignored -> {}
      case Step.CreateTable create -> put(create.table());
      case Step.CreateView create -> put(create.view());
      case Step.Drop drop -> {
        LakeCollection place = placed(drop.collection());
        names.put(place.ref(), Optional.empty());
        places.remove(place.id());
      }
      case Step.Rename rename -> {
        LakeCollection was = placed(rename.collection());
        names.put(was.ref(), Optional.empty());
        put(renamed(was, rename.schema(), rename.to()));
      }
      case Step.CreateSchema create -> schemas.put(create.name(), Optional.of(create.id()));
      case Step.DropSchema drop -> schemas.put(drop.name(), Optional.empty());
    }
  }

  private void put(LakeCollection collection) {
    names.put(collection.ref(), Optional.of(collection));
    places.put(collection.id(), collection);
  }

  private LakeCollection placed(LakeCollection collection) {
    return places.getOrDefault(collection.id(), collection);
  }

  static LakeCollection renamed(LakeCollection was, SchemaId schema, TableRef to) {
    return new LakeCollection(
        was.id(),
        was.space(),
        schema,
        to,
        was.kind(),
        was.uuid(),
        was.location(),
        was.metadataLocation(),
        was.seq());
  }

  /** What has the name, where the journal says nothing of it as the snapshot below has it. */
  Optional<LakeCollection> find(TableRef ref, LakeSnapshot below) {
    Optional<LakeCollection> own = names.getOrDefault(ref, Optional.empty());
    return names.containsKey(ref) ? own : below.find(ref);
  }

  /** The schema of this name, here or in the snapshot below. */
  Optional<SchemaId> schema(SchemaName name, SpaceNames below) {
    Optional<SchemaId> own = schemas.getOrDefault(name, Optional.empty());
    return schemas.containsKey(name) ? own : below.schema(name);
  }

  /** The names over those of the snapshot below. */
  List<LakeCollection> over(List<LakeCollection> below) {
    Map<TableRef, LakeCollection> all = new LinkedHashMap<>();
    below.forEach(collection -> all.put(collection.ref(), collection));
    names.forEach((ref, collection) -> {
      if (collection.isPresent()) {
        all.put(ref, collection.get());
      } else {
        all.remove(ref);
      }
    });
    return List.copyOf(all.values());
  }

  /** The schemas over those of the snapshot below. */
  List<LakeSchema> overSchemas(List<LakeSchema> below) {
    Map<SchemaName, LakeSchema> all = new LinkedHashMap<>();
    below.forEach(schema -> all.put(schema.name(), schema));
    schemas.forEach((name, id) -> {
      if (id.isPresent()) {
        all.put(name, new LakeSchema(id.get(), name));
      } else {
        all.remove(name);
      }
    });
    return List.copyOf(all.values());
  }
}
