package dev.polder.metastore.mirror;

import dev.polder.metastore.access.Principal;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.Schema;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.metastore.commit.SchemaChange;
import dev.polder.metastore.internal.Transaction;
import dev.polder.metastore.lineage.CollectionState;
import dev.polder.metastore.lineage.DatabaseCommit;
import dev.polder.metastore.lineage.SchemaState;
import dev.polder.model.CollectionId;
import dev.polder.model.PrincipalId;
import dev.polder.model.PrincipalName;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says of a commit that is not made yet what it would change. Bound to one transaction. */
record OfferContent(Transaction tx) {
  DatabaseCommit of(CommitRequest request) {
    Database database = tx.databases().get(request.database());
    List<SchemaState> schemas = new ArrayList<>();
    for (SchemaChange change : request.schemaChanges()) {
      schemas.add(schema(request.tenant(), change));
    }
    List<CollectionState> collections = new ArrayList<>();
    for (CollectionChange change : request.collectionChanges()) {
      collection(request.tenant(), change).ifPresent(collections::add);
    }
    return new DatabaseCommit(
        database.commitSeq() + 1,
        Math.max(database.committedAt() + 1, tx.now()),
        false,
        request.principal(),
        request.tenant(),
        request.operation(),
        schemas,
        collections,
        request.files());
  }

  private SchemaState schema(TenantId tenant, SchemaChange change) {
    return switch (change) {
      case SchemaChange.Create it ->
          new SchemaState(it.id(), tenant, it.name(), it.properties(), false);
      case SchemaChange.Rename it ->
          new SchemaState(it.id(), tenant, it.name(), properties(it.id()), false);
      case SchemaChange.Drop it ->
          new SchemaState(
              it.id(),
              tenant,
              tx.schemas().find(it.id()).map(Schema::name).orElse(new SchemaName("dropped")),
              properties(it.id()),
              true);
    };
  }

  private Map<String, String> properties(SchemaId id) {
    return tx.schemas().find(id).map(Schema::properties).orElse(Map.of());
  }

  private Optional<CollectionState> collection(TenantId tenant, CollectionChange change) {
    return switch (change) {
      case CollectionChange.Create it ->
          Optional.of(
              new CollectionState(
                  it.id(),
                  tenant,
                  it.schema(),
                  it.kind(),
                  it.name(),
                  it.icebergUuid(),
                  it.location(),
                  Optional.of(it.metadataLocation()),
                  it.owner().flatMap(this::name),
                  false));
      case CollectionChange.Update it -> at(it.id(), Optional.of(it.newMetadataLocation()));
      case CollectionChange.Drop it -> at(it.id(), Optional.empty());
      case CollectionChange.Rename it ->
          at(it.id(), it.newMetadataLocation().or(() -> current(it.id())))
              .map(state ->
                  new CollectionState(
                      state.id(),
                      tenant,
                      it.schema(),
                      state.kind(),
                      it.name(),
                      state.icebergUuid(),
                      state.location(),
                      state.metadataLocation(),
                      state.owner(),
                      false));
      case CollectionChange.Require ignored -> Optional.empty();
    };
  }

  private Optional<String> current(CollectionId id) {
    return tx.collections().find(id).map(CollectionEntry::metadataLocation);
  }

  /** Where there is no such collection, the commit will not land either. */
  private Optional<CollectionState> at(CollectionId id, Optional<String> metadataLocation) {
    return tx.collections()
        .find(id)
        .map(entry ->
            new CollectionState(
                entry.id(),
                entry.space().tenant(),
                entry.schema(),
                entry.kind(),
                entry.ref().name(),
                entry.icebergUuid(),
                entry.location(),
                metadataLocation,
                entry.owner().flatMap(this::name),
                false));
  }

  private Optional<PrincipalName> name(PrincipalId id) {
    return tx.principals().find(id).map(Principal::name);
  }
}
