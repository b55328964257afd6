package dev.polder.lake.io;

import dev.polder.lake.delegation.StorageDelegation;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * An open object store: how the server reads, writes, lists and deletes files there, and how other
 * engines are let at them. Whoever opened it closes both. Thread-safe.
 *
 * @param type the store's kind as the management API says it
 */
public record ObjectStore(String type, FileIO io, StorageDelegation delegation) {
  public ObjectStore {
    if (!(io instanceof SupportsPrefixOperations)) {
      throw new IllegalArgumentException(type + " cannot be listed");
    }
  }
}
