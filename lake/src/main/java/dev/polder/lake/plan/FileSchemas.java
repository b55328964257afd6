package dev.polder.lake.plan;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.polder.lake.io.StorageFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.MessageType;

/**
 * The schemas that Parquet files were written with, from their footers. Read only for tables whose
 * schema has changed in a way that matters, and once for each file. Thread-safe.
 */
final class FileSchemas {
  private static final int MAXIMUM_FILES = 100_000;
  private static final ParquetReadOptions FOOTER_ONLY =
      ParquetReadOptions.builder(new PlainParquetConfiguration())
          .withMetadataFilter(ParquetMetadataConverter.SKIP_ROW_GROUPS)
          .build();

  private final FileIO io;
  private final Cache<String, FileSchema> cache =
      Caffeine.newBuilder().maximumSize(MAXIMUM_FILES).build();

  FileSchemas(FileIO io) {
    this.io = io;
  }

  /** Reads the missing ones at the same time: each costs a round trip to the store. */
  void load(List<DataFile> files) {
    List<DataFile> missing =
        files.stream().filter(file -> cache.getIfPresent(file.location()) == null).toList();
    if (missing.size() < 2) {
      return;
    }
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<FileSchema>> pending = new ArrayList<>();
      for (DataFile file : missing) {
        pending.add(readers.submit(() -> of(file)));
      }
      // Failures show again, with the file's name, when its schema is asked for.
      pending.forEach(Future::state);
    }
  }

  FileSchema of(DataFile file) {
    return cache.get(file.location(), ignored -> read(file));
  }

  private FileSchema read(DataFile file) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(new ParquetInput(io.newInputFile(file)), FOOTER_ONLY)) {
      MessageType type = reader.getFileMetaData().getSchema();
      return new FileSchema(ParquetSchemaUtil.convert(type), ParquetSchemaUtil.hasIds(type));
    } catch (IOException | RuntimeException e) {
      throw StorageFailure.of("cannot read the footer of " + file.location(), e);
    }
  }

  /**
   * What a file holds.
   *
   * @param hasIds whether the schema's field ids are the file's own; if not they mean nothing
   */
  record FileSchema(Schema schema, boolean hasIds) {}
}
