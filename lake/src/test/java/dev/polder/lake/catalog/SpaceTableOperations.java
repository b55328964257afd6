package dev.polder.lake.catalog;

import dev.polder.lake.CommitNote;
import dev.polder.lake.Lake;
import dev.polder.lake.LakeCollection;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.model.CollectionId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.jspecify.annotations.Nullable;

/** One table of a space for Iceberg's own API. As thread-safe as Iceberg asks for: one owner. */
final class SpaceTableOperations implements TableOperations {
  private final Lake lake;
  private final SpaceKey space;
  private final TableRef ref;
  private final Supplier<CommitNote> notes;
  private @Nullable LakeCollection entry;
  private @Nullable TableMetadata current;
  private boolean loaded;

  SpaceTableOperations(Lake lake, SpaceKey space, TableRef ref, Supplier<CommitNote> notes) {
    this.lake = lake;
    this.space = space;
    this.ref = ref;
    this.notes = notes;
  }

  @Override
  public @Nullable TableMetadata current() {
    return loaded ? current : refresh();
  }

  @Override
  public @Nullable TableMetadata refresh() {
    entry =
        lake.metastore()
            .read(tx -> lake.snapshot(tx, space).find(ref))
            .filter(found -> !found.isView())
            .orElse(null);
    current = entry == null ? null : lake.load(entry).metadata();
    loaded = true;
    return current;
  }

  @Override
  public void commit(@Nullable TableMetadata base, TableMetadata metadata) {
    LakeCollection target = base == null ? fresh(metadata) : entry;
    if (target == null) {
      throw new CommitFailedException("table %s is not there any more", ref);
    }
    Optional<TableMetadata> written;
    try {
      written = lake.updates().commitMetadata(target, base, metadata, notes.get());
    } catch (PolderException e) {
      if (e.code() == ErrorCode.COMMIT_STATE_UNKNOWN) {
        throw new CommitStateUnknownException(e);
      }
      throw SpaceCatalog.translated(e);
    }
    current =
        written.orElseThrow(
            () -> new CommitFailedException("table %s was changed by another commit", ref));
    String location = current.metadataFileLocation();
    entry = target.at(location == null ? "" : location, target.seq());
    loaded = true;
  }

  /** A table of our own location only: files elsewhere would leave the tenant's prefix. */
  private LakeCollection fresh(TableMetadata metadata) {
    if (!metadata.location().startsWith(lake.warehouse().tenantRoot(space) + "/")) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "the location of " + ref + " is not the tenant's; leave it out");
    }
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
        CollectionKind.TABLE,
        UUID.fromString(metadata.uuid()),
        metadata.location(),
        "",
        0);
  }

  @Override
  public FileIO io() {
    return lake.warehouse().io();
  }

  @Override
  public String metadataFileLocation(String fileName) {
    TableMetadata known = current();
    if (known == null) {
      throw new IllegalStateException("table " + ref + " has no location yet");
    }
    return known.location() + "/metadata/" + fileName;
  }

  @Override
  public LocationProvider locationProvider() {
    TableMetadata known = current();
    if (known == null) {
      throw new IllegalStateException("table " + ref + " has no location yet");
    }
    return LocationProviders.locationsFor(known.location(), known.properties());
  }

  /** For operations on metadata that is not committed yet. */
  @Override
  public TableOperations temp(TableMetadata uncommitted) {
    SpaceTableOperations operations = new SpaceTableOperations(lake, space, ref, notes);
    operations.entry = entry;
    operations.current = uncommitted;
    operations.loaded = true;
    return operations;
  }
}
