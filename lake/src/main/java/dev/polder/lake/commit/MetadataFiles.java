package dev.polder.lake.commit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.polder.lake.io.StorageFailure;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.io.FileIO;
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

  public TableMetadata table(String location) {
    return (TableMetadata) cache.get(location, this::readTable);
  }

  public ViewMetadata view(String location) {
    return (ViewMetadata) cache.get(location, this::readView);
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

  /** Writes the next metadata file after the previous one and answers what was written. */
  TableMetadata write(TableMetadata metadata, String previous, FileIO target) {
    String location = next(metadata.location(), previous);
    TableMetadataParser.write(metadata, target.newOutputFile(location));
    TableMetadata written =
        TableMetadata.buildFrom(metadata).discardChanges().withMetadataLocation(location).build();
    cache.put(location, written);
    return written;
  }

  ViewMetadata write(ViewMetadata metadata, String previous, FileIO target) {
    String location = next(metadata.location(), previous);
    ViewMetadataParser.write(metadata, target.newOutputFile(location));
    return view(location);
  }

  private static String next(String directory, String previous) {
    Matcher matcher = VERSION.matcher(previous);
    long version = matcher.matches() ? Long.parseLong(matcher.group(1)) + 1 : 0;
    return String.format(
        Locale.ROOT, "%s/metadata/%05d-%s.metadata.json", directory, version, UUID.randomUUID());
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
