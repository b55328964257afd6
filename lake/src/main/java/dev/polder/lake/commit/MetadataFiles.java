package dev.polder.lake.commit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.io.StorageFailure;
import dev.polder.metastore.catalog.CollectionEntry;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.util.JsonUtil;
import org.apache.iceberg.view.ViewMetadata;
import org.apache.iceberg.view.ViewMetadataParser;

/** Metadata files of tables and views, parsed once. Thread-safe. */
public final class MetadataFiles {
  private static final Pattern VERSION = Pattern.compile(".*/(\\d+)-[^/]*");
  private static final int BYTES_PER_SNAPSHOT = 1_000;
  private static final int BYTES_PER_COLUMN = 300;

  private final FileIO io;
  private final Cache<String, Object> cache;

  public MetadataFiles(FileIO io, long maximumBytes) {
    this.io = io;
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(maximumBytes)
            .weigher((String location, Object metadata) -> weight(metadata))
            .build();
  }

  /** A version under the table's own identity, which a clone's first version does not say yet. */
  public TableMetadata table(LakeCollection table) {
    return table(table.metadataLocation(), table.uuid().toString(), table.location());
  }

  TableMetadata table(CollectionEntry table) {
    return table(table.metadataLocation(), table.icebergUuid(), table.location());
  }

  private TableMetadata table(String file, String uuid, String location) {
    TableMetadata written = (TableMetadata) cache.get(file, this::readTable);
    return uuid.equals(written.uuid())
        ? written
        : (TableMetadata)
            cache.get(
                file + "#" + uuid,
                ignored ->
                    TableMetadataParser.fromJson(
                        file,
                        identified(
                            TableMetadataParser.toJson(written), "table-uuid", uuid, location)));
  }

  /** A version under the view's own identity. */
  public ViewMetadata view(LakeCollection view) {
    String file = view.metadataLocation();
    ViewMetadata written = view(file);
    String uuid = view.uuid().toString();
    return uuid.equals(written.uuid())
        ? written
        : (ViewMetadata)
            cache.get(
                file + "#" + uuid,
                ignored ->
                    ViewMetadataParser.fromJson(
                        file,
                        identified(
                            ViewMetadataParser.toJson(written),
                            "view-uuid",
                            uuid,
                            view.location())));
  }

  private ViewMetadata view(String file) {
    return (ViewMetadata) cache.get(file, this::readView);
  }

  /** Iceberg's builders give no view another identity, hence its text. */
  private static String identified(String json, String key, String uuid, String location) {
    try {
      ObjectNode metadata = (ObjectNode) JsonUtil.mapper().readTree(json);
      return metadata.put(key, uuid).put("location", location).toString();
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Object readTable(String location) {
    try {
      return TableMetadataParser.read(io, location);
    } catch (RuntimeException e) {
      throw StorageFailure.of("cannot read table metadata " + location, e);
    }
  }

  private Object readView(String location) {
    try {
      return ViewMetadataParser.read(io.newInputFile(location));
    } catch (RuntimeException e) {
      throw StorageFailure.of("cannot read view metadata " + location, e);
    }
  }

  /**
   * Writes the next metadata file after the previous one and answers what was written.
   *
   * @param directory below which it goes
   */
  TableMetadata write(TableMetadata metadata, String directory, String previous, FileIO target) {
    String location = next(directory, previous);
    TableMetadataParser.write(metadata, target.newOutputFile(location));
    TableMetadata written =
        TableMetadata.buildFrom(metadata).discardChanges().withMetadataLocation(location).build();
    cache.put(location, written);
    return written;
  }

  ViewMetadata write(ViewMetadata metadata, String directory, String previous, FileIO target) {
    String location = next(directory, previous);
    ViewMetadataParser.write(metadata, target.newOutputFile(location));
    return view(location);
  }

  private static String next(String directory, String previous) {
    Matcher matcher = VERSION.matcher(previous);
    long version = matcher.matches() ? Long.parseLong(matcher.group(1)) + 1 : 0;
    return String.format(
        Locale.ROOT, "%s/%05d-%s.metadata.json", directory, version, UUID.randomUUID());
  }

  private static int weight(Object metadata) {
    return metadata instanceof TableMetadata table
        ? 2_000
            + table.snapshots().size() * BYTES_PER_SNAPSHOT
            + table.schemas().stream().mapToInt(schema -> schema.columns().size()).sum()
                * BYTES_PER_COLUMN
        : 10_000;
  }
}
