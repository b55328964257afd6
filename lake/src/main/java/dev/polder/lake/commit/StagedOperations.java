package dev.polder.lake.commit;

import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/**
 * A table that exists in memory only: Iceberg's operations run against it and their manifests are
 * real files, but no metadata file is written. One owner, not thread-safe.
 */
final class StagedOperations implements TableOperations {
  private final FileIO io;
  private TableMetadata current;

  StagedOperations(TableMetadata base, FileIO io) {
    this.current = base;
    this.io = io;
  }

  @Override
  public TableMetadata current() {
    return current;
  }

  @Override
  public TableMetadata refresh() {
    return current;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // Iceberg hands back the object that it was given
  public void commit(TableMetadata base, TableMetadata metadata) {
    if (base != current) {
      throw new CommitFailedException("the staged table changed under the operation");
    }
    current = metadata;
  }

  @Override
  public FileIO io() {
    return io;
  }

  @Override
  public String metadataFileLocation(String fileName) {
    return current.location() + "/metadata/" + fileName;
  }

  @Override
  public LocationProvider locationProvider() {
    return LocationProviders.locationsFor(current.location(), current.properties());
  }
}
