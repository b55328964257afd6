package dev.polder.lake.plan;

import dev.polder.lake.TableState;
import dev.polder.lake.io.StorageFailure;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.avro.Avro;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.avro.PlannedDataReader;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.StructLikeSet;
import org.apache.iceberg.util.StructProjection;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/** Finds the rows of one data file whose columns equal one of a set of values; NULL equals NULL. */
record RowMatcher(FileIO io, TableState table, DataFile file) {
  void addMatches(Schema compared, StructLikeSet values, RoaringBitmap rows) {
    List<Types.NestedField> fields = new ArrayList<>(compared.columns());
    fields.add(MetadataColumns.ROW_POSITION);
    Schema projection = new Schema(fields);
    InternalRecordWrapper row = new InternalRecordWrapper(projection.asStruct());
    StructProjection columns = StructProjection.create(projection, compared);
    int position = fields.size() - 1;
    try (CloseableIterable<Record> records = open(projection)) {
      for (Record record : records) {
        if (values.contains(columns.wrap(row.wrap(record)))) {
          rows.add((int) (long) record.get(position, Long.class));
        }
      }
    } catch (IOException e) {
      throw StorageFailure.of("cannot read " + file.location(), e);
    }
  }

  private CloseableIterable<Record> open(Schema projection) {
    NameMapping mapping = nameMapping();
    return switch (file.format()) {
      case PARQUET -> {
        Parquet.ReadBuilder builder =
            Parquet.read(io.newInputFile(file))
                .project(projection)
                .createReaderFunc(
                    fileSchema -> GenericParquetReaders.buildReader(projection, fileSchema));
        yield (mapping == null ? builder : builder.withNameMapping(mapping)).build();
      }
      case AVRO -> {
        Avro.ReadBuilder builder =
            Avro.read(io.newInputFile(file))
                .project(projection)
                .createResolvingReader(PlannedDataReader::create);
        yield (mapping == null ? builder : builder.withNameMapping(mapping)).build();
      }
      case ORC, METADATA, PUFFIN ->
          throw new PolderException(
              ErrorCode.NOT_SUPPORTED,
              file.location() + " is " + file.format() + " and has equality deletes; compact it");
    };
  }

  private @Nullable NameMapping nameMapping() {
    String json = table.properties().get(TableProperties.DEFAULT_NAME_MAPPING);
    return json == null ? null : NameMappingParser.fromJson(json);
  }
}
