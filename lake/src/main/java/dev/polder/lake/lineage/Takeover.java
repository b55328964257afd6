package dev.polder.lake.lineage;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.commit.MetadataFiles;
import dev.polder.lake.io.Warehouse;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.commit.FileChange;
import dev.polder.metastore.lineage.CollectionState;
import dev.polder.metastore.lineage.DatabaseCommit;
import dev.polder.metastore.lineage.OwnVersion;
import dev.polder.metastore.lineage.RewriteStore.Replacement;
import dev.polder.model.PrincipalId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongConsumer;

/**
 * Makes one version of another server's table or view this server's: copies the files that are not
 * here yet and writes what names files again. Files have names that follow from the source's, so
 * that work that was cut off goes on and each version adds only what is new. Stateless.
 */
public final class Takeover {
  private static final long METADATA_BYTES = 8 << 20;

  private final Warehouse warehouse;
  private final SpaceKey space;
  private final LongConsumer copied;

  /**
   * @param copied hears the bytes of each copied file
   */
  public Takeover(Warehouse warehouse, SpaceKey space, LongConsumer copied) {
    this.warehouse = warehouse;
    this.space = space;
    this.copied = copied;
  }

  /**
   * The version with files of this server.
   *
   * @param here what the collection is here; empty: it is new
   * @param fresh the identity of one that is new
   * @param spent names that must not be used
   * @param owner who owns it here; a view without one cannot be read
   */
  public OwnVersion own(
      DatabaseCommit commit,
      CollectionState state,
      Optional<CollectionEntry> here,
      UUID fresh,
      Set<String> spent,
      Foreign foreign,
      Optional<PrincipalId> owner) {
    String location =
        here.map(CollectionEntry::location).orElseGet(() -> warehouse.location(space, fresh));
    String uuid = here.map(CollectionEntry::icebergUuid).orElse(fresh.toString());
    OwnFiles files = new OwnFiles(warehouse, location, spent, copied, foreign);
    String source = state.metadataLocation().orElseThrow();
    LakeCollection version =
        new LakeCollection(
            state.id(),
            space,
            state.schema(),
            TableRef.of("source", state.name()),
            state.kind(),
            UUID.fromString(uuid),
            location,
            source,
            commit.seq());
    new VersionRewriter(
            new MetadataFiles(files.io(), METADATA_BYTES),
            files,
            there -> owner.map(PrincipalId::value).orElse(""))
        .rewrite(List.of(version));
    Replacement metadata = files.replacements().get(source);
    if (metadata == null) {
      throw new IllegalStateException("nothing took the place of " + source);
    }
    return new OwnVersion(
        uuid, location, metadata.path(), changes(commit, state, files, foreign.present()));
  }

  private static List<FileChange> changes(
      DatabaseCommit commit, CollectionState state, OwnFiles files, Map<String, Long> present) {
    Map<String, Long> reached = new TreeMap<>();
    files.replacements().values().forEach(it -> reached.put(it.path(), it.bytes()));
    List<FileChange> changes = new ArrayList<>();
    reached.forEach((path, bytes) -> {
      if (!present.containsKey(path)) {
        changes.add(FileChange.added(state.id(), path, bytes));
      }
    });
    if (state.rewritten()) {
      present.forEach((path, bytes) -> {
        if (!reached.containsKey(path)) {
          changes.add(FileChange.removed(state.id(), path, bytes));
        }
      });
      return changes;
    }
    for (FileChange file : commit.files()) {
      boolean goes =
          file.kind() == FileChange.Kind.REMOVED || file.kind() == FileChange.Kind.RELEASED;
      if (goes && file.collection().equals(state.id())) {
        files
            .lookup(file.path())
            .filter(path -> !reached.containsKey(path))
            .ifPresent(path ->
                changes.add(FileChange.removed(state.id(), path, present.getOrDefault(path, 0L))));
      }
    }
    return changes;
  }
}
