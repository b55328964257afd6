package dev.polder.lake.catalog;

import dev.polder.lake.CommitNote;
import dev.polder.lake.Lake;
import dev.polder.lake.LakeCollection;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.model.CollectionId;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.view.ViewMetadata;
import org.apache.iceberg.view.ViewOperations;
import org.jspecify.annotations.Nullable;

/** One view of a space for Iceberg's own API. One owner, not thread-safe. */
final class SpaceViewOperations implements ViewOperations {
  private final Lake lake;
  private final SpaceKey space;
  private final TableRef ref;
  private final Supplier<CommitNote> notes;
  private @Nullable LakeCollection entry;
  private @Nullable ViewMetadata current;
  private boolean loaded;

  SpaceViewOperations(Lake lake, SpaceKey space, TableRef ref, Supplier<CommitNote> notes) {
    this.lake = lake;
    this.space = space;
    this.ref = ref;
    this.notes = notes;
  }

  @Override
  public @Nullable ViewMetadata current() {
    return loaded ? current : refresh();
  }

  @Override
  public @Nullable ViewMetadata refresh() {
    entry =
        lake.metastore()
            .read(tx -> lake.snapshot(tx, space).find(ref))
            .filter(LakeCollection::isView)
            .orElse(null);
    current = entry == null ? null : lake.metadataFiles().view(entry);
    loaded = true;
    return current;
  }

  @Override
  public void commit(@Nullable ViewMetadata base, ViewMetadata metadata) {
    LakeCollection target = base == null ? fresh(metadata) : entry;
    if (target == null) {
      throw new CommitFailedException("view %s is not there any more", ref);
    }
    try {
      current =
          lake.updates()
              .commitView(target, base == null, metadata, notes.get())
              .orElseThrow(
                  () -> new CommitFailedException("view %s was changed by another commit", ref));
    } catch (PolderException e) {
      throw SpaceCatalog.translated(e);
    }
    refresh();
  }

  private LakeCollection fresh(ViewMetadata metadata) {
    SchemaId schema =
        lake.metastore()
            .read(tx -> tx.schemas().find(space, ref.schema()))
            .orElseThrow(
                () -> new NoSuchNamespaceException("Namespace does not exist: %s", ref.schema()))
            .id();
    return new LakeCollection(
        new CollectionId(lake.ids().next().toString()),
        space,
        schema,
        ref,
        CollectionKind.VIEW,
        UUID.fromString(metadata.uuid()),
        metadata.location(),
        "",
        0);
  }
}
