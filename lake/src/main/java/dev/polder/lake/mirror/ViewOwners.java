package dev.polder.lake.mirror;

import dev.polder.lake.commit.Views;
import dev.polder.lake.io.StorageFailure;
import dev.polder.lake.io.Warehouse;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.lineage.CollectionState;
import dev.polder.metastore.lineage.CommitJson;
import dev.polder.metastore.lineage.DatabaseCommit;
import dev.polder.model.PrincipalId;
import dev.polder.model.PrincipalName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Says of views whose rights they read with: their metadata names a principal of this server, who
 * is known by name elsewhere. It reads files: never in a unit of work. Thread-safe.
 */
record ViewOwners(Metastore metastore, Warehouse warehouse) {
  DatabaseCommit of(DatabaseCommit commit) {
    if (commit.collections().stream().noneMatch(ViewOwners::isView)) {
      return commit;
    }
    List<CollectionState> states = commit.collections();
    return commit.with(states.stream().map(it -> isView(it) ? owned(it) : it).toList());
  }

  private static boolean isView(CollectionState state) {
    return state.kind() == CollectionKind.VIEW && state.metadataLocation().isPresent();
  }

  private CollectionState owned(CollectionState view) {
    PrincipalId owner = owner(view.metadataLocation().orElseThrow());
    Optional<PrincipalName> name =
        metastore.read(tx -> tx.principals().find(owner).map(Principal::name));
    return view.ownedBy(name);
  }

  private PrincipalId owner(String metadataLocation) {
    try (InputStream in = warehouse.io().newInputFile(metadataLocation).newStream()) {
      String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new PrincipalId(CommitJson.tree(json).path("properties").path(Views.OWNER).asText());
    } catch (IOException e) {
      throw StorageFailure.of("cannot read " + metadataLocation, e);
    }
  }
}
