package dev.polder.lake.lineage;

import dev.polder.lake.io.StorageFailure;
import dev.polder.metastore.lineage.RewriteStore.Replacement;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.avro.Avro;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.avro.PlannedDataReader;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.inmemory.InMemoryOutputFile;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.puffin.Blob;
import org.apache.iceberg.puffin.BlobMetadata;
import org.apache.iceberg.puffin.Puffin;
import org.apache.iceberg.puffin.PuffinReader;
import org.apache.iceberg.puffin.PuffinWriter;
import org.apache.iceberg.util.Pair;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * Writes position deletes and deletion vectors again, with the names that the data files have for
 * the table that they now belong to. One owner.
 */
final class DeleteRewriter {
  private static final String REFERENCED = "referenced-data-file";
  private static final Schema POSITIONS =
      new Schema(MetadataColumns.DELETE_FILE_PATH, MetadataColumns.DELETE_FILE_POS);

  private final OwnFiles files;
  private final Map<String, Vectors> vectors = new HashMap<>();
  private final Map<String, Positions> positions = new HashMap<>();

  DeleteRewriter(OwnFiles files) {
    this.files = files;
  }

  /** Where a vector lies in its file. */
  record Place(long offset, long length) {}

  /**
   * A file of deletion vectors.
   *
   * @param places the new place of each vector by the offset of its old one
   */
  record Vectors(Replacement file, Map<Long, Place> places) {}

  /**
   * A file of positions.
   *
   * @param only the data file, if it is of one alone
   */
  record Positions(Replacement file, Optional<String> only) {}

  /** What is there already is written again only to know what lies where in it. */
  private OutputFile output(String target, Optional<Replacement> present) {
    return present.isPresent() ? new InMemoryOutputFile(target) : files.io().newOutputFile(target);
  }

  Vectors vectors(String path) {
    return vectors.computeIfAbsent(path, this::writeVectors);
  }

  private Vectors writeVectors(String path) {
    Optional<Replacement> present = files.present(path, "data", "-deletes.puffin");
    String target = files.place(path, "data", "-deletes.puffin");
    Map<Long, Place> places = new HashMap<>();
    try (PuffinReader reader = Puffin.read(files.io().newInputFile(path)).build();
        PuffinWriter writer = Puffin.write(output(target, present)).createdBy("Polder").build()) {
      List<BlobMetadata> blobs = reader.fileMetadata().blobs();
      for (Pair<BlobMetadata, java.nio.ByteBuffer> blob : reader.readAll(blobs)) {
        BlobMetadata old = blob.first();
        Map<String, String> properties = new HashMap<>(old.properties());
        properties.computeIfPresent(REFERENCED, (key, file) -> files.target(file));
        BlobMetadata written =
            writer.write(
                new Blob(
                    old.type(),
                    old.inputFields(),
                    old.snapshotId(),
                    old.sequenceNumber(),
                    blob.second(),
                    null,
                    properties));
        places.put(old.offset(), new Place(written.offset(), written.length()));
      }
    } catch (IOException | RuntimeException e) {
      throw StorageFailure.of("cannot rewrite the deletion vectors " + path, e);
    }
    return new Vectors(present.orElseGet(() -> files.replaced(path, target)), places);
  }

  /** Reads and writes the positions again, in the order of the new names. */
  Positions positions(String path, String format) {
    return positions.computeIfAbsent(path, ignored -> writePositions(path, format));
  }

  private Positions writePositions(String path, String format) {
    TreeMap<String, Roaring64Bitmap> rows = new TreeMap<>();
    Optional<Replacement> present = files.present(path, "data", "-deletes.parquet");
    String target = files.place(path, "data", "-deletes.parquet");
    try {
      try (CloseableIterable<Record> records = open(files.io().newInputFile(path), format)) {
        for (Record row : records) {
          rows.computeIfAbsent(files.target(row.get(0).toString()), f -> new Roaring64Bitmap())
              .addLong(row.get(1, Long.class));
        }
      }
      FileAppender<Record> appender =
          Parquet.write(output(target, present))
              .schema(POSITIONS)
              .createWriterFunc(GenericParquetWriter::create)
              .build();
      try (appender) {
        rows.forEach((file, deleted) ->
            deleted.forEach((long position) -> {
              Record row = GenericRecord.create(POSITIONS);
              row.set(0, file);
              row.set(1, position);
              appender.add(row);
            }));
      }
    } catch (IOException | RuntimeException e) {
      throw e instanceof PolderException known
          ? known
          : StorageFailure.of("cannot rewrite the position deletes " + path, e);
    }
    List<String> names = new ArrayList<>(rows.keySet());
    return new Positions(
        present.orElseGet(() -> files.replaced(path, target)),
        names.size() == 1 ? Optional.of(names.getFirst()) : Optional.empty());
  }

  private static CloseableIterable<Record> open(InputFile file, String format) {
    return switch (format) {
      case "PARQUET" ->
          Parquet.read(file)
              .project(POSITIONS)
              .createReaderFunc(type -> GenericParquetReaders.buildReader(POSITIONS, type))
              .build();
      case "AVRO" ->
          Avro.read(file)
              .project(POSITIONS)
              .createResolvingReader(PlannedDataReader::create)
              .build();
      default ->
          throw new PolderException(
              ErrorCode.NOT_SUPPORTED,
              file.location() + " holds deletes as " + format + "; compact the table first");
    };
  }
}
