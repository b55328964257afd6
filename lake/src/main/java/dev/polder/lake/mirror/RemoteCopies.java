package dev.polder.lake.mirror;

import dev.polder.lake.io.Warehouse;
import dev.polder.lake.lineage.Foreign;
import dev.polder.lake.lineage.Takeover;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.lineage.CollectionState;
import dev.polder.metastore.lineage.DatabaseCommit;
import dev.polder.metastore.lineage.OwnVersion;
import dev.polder.metastore.mirror.Mirror;
import dev.polder.model.CollectionId;
import dev.polder.model.SpaceKey;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;

/**
 * Copies what a commit of another server's database names and makes it durable; nothing shows it
 * yet. Thread-safe.
 *
 * @param copied hears the bytes of each copied file
 */
record RemoteCopies(
    Metastore metastore, Warehouse warehouse, RemoteSource source, LongConsumer copied) {
  /** The files of all collections in the commit but those that it drops, by source id. */
  Map<CollectionId, OwnVersion> make(Mirror mirror, DatabaseCommit commit) {
    RemoteFileIO files = new RemoteFileIO(source);
    Map<CollectionId, OwnVersion> own = new HashMap<>();
    for (CollectionState state : commit.collections()) {
      if (state.metadataLocation().isPresent()) {
        own.put(state.id(), own(mirror, commit, state, files));
      }
    }
    warehouse.sync();
    return own;
  }

  private OwnVersion own(
      Mirror mirror, DatabaseCommit commit, CollectionState state, RemoteFileIO files) {
    SpaceKey space = new SpaceKey(mirror.database(), state.tenant());
    Optional<CollectionEntry> here =
        commit.whole()
            ? Optional.empty()
            : metastore.read(tx -> tx.takeovers().collection(space, state.id()));
    // The same for each attempt, and another one each time that the mirror begins.
    UUID fresh =
        UUID.nameUUIDFromBytes(
            (mirror.database() + ":" + mirror.lastApplied() + ":" + state.id())
                .getBytes(StandardCharsets.UTF_8));
    String location =
        here.map(CollectionEntry::location).orElseGet(() -> warehouse.location(space, fresh));
    Map<String, Long> present =
        here.map(entry -> metastore.read(tx -> tx.storage().open(entry.id()))).orElse(Map.of());
    Set<String> spent = metastore.read(tx -> tx.rewrites().spent(location));
    return new Takeover(warehouse, space, copied)
        .own(
            commit,
            state,
            here,
            fresh,
            spent,
            new Foreign(files, present, path -> files.digest(path).sha256()),
            state
                .owner()
                .flatMap(
                    name -> metastore.read(tx -> tx.principals().find(name).map(Principal::id))));
  }
}
