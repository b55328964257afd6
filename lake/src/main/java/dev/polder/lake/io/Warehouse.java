package dev.polder.lake.io;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.polder.lake.delegation.StorageDelegation;
import dev.polder.lake.write.StagedFile;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * The place where all tables' files lie, tenant first: a local directory or a prefix of an object
 * store. Files are added, never replaced. Thread-safe.
 */
public final class Warehouse implements AutoCloseable {
  private static final int KNOWN_SIZES = 20_000;
  private static final Pattern AZURE = Pattern.compile("^(?:abfss?|wasbs?)://([^/]*)");

  private final String root;
  private final String type;
  private final FileIO io;
  private final Cache<String, Long> sizes = Caffeine.newBuilder().maximumSize(KNOWN_SIZES).build();

  private final ExternalLocations external;
  private final StorageDelegation delegation;

  private Warehouse(
      String root,
      String type,
      FileIO io,
      ExternalLocations external,
      StorageDelegation delegation) {
    this.type = type;
    this.root = root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
    this.io = io;
    this.external = external;
    this.delegation = delegation;
  }

  /** The same, with places elsewhere at which other engines may keep files. */
  public Warehouse with(ExternalLocations places) {
    return new Warehouse(root, type, io, places, delegation);
  }

  /** Whether other engines may keep files of tables at this place outside of the warehouse. */
  public boolean isExternal(String path) {
    return !canonical(path).startsWith(canonical(root) + "/") && external.cover(path);
  }

  /** One spelling for the several ones by which a store finds a file. */
  private static String canonical(String path) {
    return AZURE
        .matcher(path.replaceFirst("^file:/*", "/").replaceFirst("^s3[an]:", "s3:"))
        .replaceFirst(found ->
            Matcher.quoteReplacement(
                "abfss://"
                    + found.group(1).toLowerCase(Locale.ROOT).replaceFirst("\\.blob\\.", ".dfs.")));
  }

  /** How other engines get at the files. */
  public StorageDelegation delegation() {
    return delegation;
  }

  /** Whether a path lies in a directory of the warehouse, whatever store reads it. */
  public static boolean isBelow(String path, String directory) {
    return ExternalLocations.isBelow(path, directory + "/");
  }

  /**
   * Opens the warehouse at a path, a {@code file:} URI, or a URI such as {@code s3://bucket/prefix}
   * whose scheme an object store serves.
   */
  public static Warehouse open(String root, StoreSettings settings) {
    if (!ObjectStores.isRemote(root) || root.startsWith("file:")) {
      return local(LocalFileIO.path(root));
    }
    ObjectStore store = ObjectStores.open(root, settings);
    return new Warehouse(
        root, store.type(), store.io(), ExternalLocations.NONE, store.delegation());
  }

  public static Warehouse local(Path root) {
    return new Warehouse(
        root.toAbsolutePath().normalize().toString(),
        "FILE",
        new LocalFileIO(),
        ExternalLocations.NONE,
        StorageDelegation.NONE);
  }

  public FileIO io() {
    return io;
  }

  /** The store's kind as the management API says it: {@code FILE}, {@code S3} and so on. */
  public String type() {
    return type;
  }

  public boolean isLocal() {
    return io instanceof LocalFileIO;
  }

  public String root() {
    return root;
  }

  /** All that a tenant may ever see lies below. */
  public String tenantRoot(SpaceKey space) {
    return root + "/" + space.tenant();
  }

  /** The directory of one table or view. */
  public String location(SpaceKey space, UUID uuid) {
    return tenantRoot(space) + "/" + space.database() + "/" + uuid;
  }

  /** A file's size; fails when it is not there. */
  public long size(String location) {
    Long known = isLocal() ? null : sizes.getIfPresent(location);
    return known == null ? io.newInputFile(location).getLength() : known;
  }

  /** Readies the place of a table whose first metadata another engine writes. */
  public void prepare(String table) {
    if (io instanceof LocalFileIO local && !isExternal(table)) {
      local.prepare(table + "/metadata");
    }
  }

  /** Notes the sizes of files that were written, so that a remote store is not asked for them. */
  public void written(Map<String, Long> files) {
    if (!isLocal()) {
      sizes.putAll(files);
    }
  }

  /** Has a file that an earlier process may have left made durable by the next {@link #sync}. */
  public void found(String location) {
    if (io instanceof LocalFileIO local) {
      local.found(location);
    }
  }

  /** All files of all tenants, read as the list is. */
  public Iterable<StoredFile> list() {
    if (io instanceof SupportsPrefixOperations store) {
      return () ->
          StreamSupport.stream(store.listPrefix(root + "/").spliterator(), false)
              .map(file -> new StoredFile(file.location(), file.createdAtMillis()))
              .iterator();
    }
    return LocalFileIO.list(Path.of(root));
  }

  /** Makes every file written so far survive a power loss. */
  public void sync() {
    if (io instanceof Durable durable) {
      durable.sync();
    }
  }

  /**
   * Brings complete files into a table's {@code data} directory; they are gone from where they
   * were.
   *
   * @return their locations, in the same order
   */
  public List<String> publish(String tableLocation, List<StagedFile> files) {
    List<String> locations = new ArrayList<>(files.size());
    for (StagedFile file : files) {
      String location = tableLocation + "/data/" + file.name();
      try {
        put(file.path(), location);
      } catch (FileAlreadyExistsException | AlreadyExistsException e) {
        throw new PolderException(
            ErrorCode.STORAGE_ERROR, location + " exists already; files are never replaced", e);
      } catch (IOException | RuntimeException e) {
        throw StorageFailure.of("cannot publish " + location, e);
      }
      locations.add(location);
    }
    return locations;
  }

  private void put(Path source, String location) throws IOException {
    if (io instanceof LocalFileIO local) {
      local.adopt(source, location);
      return;
    }
    long size;
    try (OutputStream out = io.newOutputFile(location).create()) {
      size = Files.copy(source, out);
    }
    sizes.put(location, size);
    Files.delete(source);
  }

  @Override
  public void close() {
    delegation.close();
    io.close();
  }
}
