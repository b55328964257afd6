package dev.polder.lake.io;

import java.util.Set;

/**
 * A kind of object store. S3 is always there; others come in modules of their own and are found by
 * {@link java.util.ServiceLoader}. Stateless.
 */
public interface ObjectStoreProvider {
  /** The schemes of locations such as {@code gs://bucket/prefix} that it opens. */
  Set<String> schemes();

  /** Opens the store in which the location lies; fails if its settings do not fit. */
  ObjectStore open(String location, StoreSettings settings);
}
