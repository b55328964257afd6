package dev.polder.lake.lineage;

import dev.polder.lake.io.StorageFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.io.FileIO;

/**
 * A manifest or manifest list taken apart and put together again: header and records stay as they
 * are but for the fields that its user sets, so that sequence numbers, snapshots and row ids are
 * kept whatever the table's format version. One owner.
 */
final class AvroCopy {
  private final Schema schema;
  private final List<String> keys = new ArrayList<>();
  private final List<byte[]> values = new ArrayList<>();
  private final CodecFactory codec;
  private final List<GenericRecord> records = new ArrayList<>();

  private AvroCopy(DataFileStream<GenericRecord> stream) {
    schema = stream.getSchema();
    for (String key : stream.getMetaKeys()) {
      if (!key.startsWith("avro.")) {
        keys.add(key);
        values.add(stream.getMeta(key));
      }
    }
    String name = stream.getMetaString(DataFileConstants.CODEC);
    codec = name == null ? CodecFactory.nullCodec() : CodecFactory.fromString(name);
    stream.forEach(records::add);
  }

  static AvroCopy read(FileIO io, String location) {
    try (DataFileStream<GenericRecord> stream =
        new DataFileStream<>(
            io.newInputFile(location).newStream(),
            new GenericDatumReader<>(null, null, new GenericData()))) {
      return new AvroCopy(stream);
    } catch (IOException | RuntimeException e) {
      throw StorageFailure.of("cannot read " + location, e);
    }
  }

  List<GenericRecord> records() {
    return records;
  }

  void write(FileIO io, String location) {
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(schema, new GenericData()))) {
      for (int i = 0; i < keys.size(); i++) {
        writer.setMeta(keys.get(i), values.get(i));
      }
      writer.setCodec(codec);
      writer.create(schema, io.newOutputFile(location).create());
      for (GenericRecord entry : records) {
        writer.append(entry);
      }
    } catch (IOException | RuntimeException e) {
      throw StorageFailure.of("cannot write " + location, e);
    }
  }
}
