package dev.polder.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;

/** Iceberg's own client on a server's catalog, with what an engine does to write a table. */
final class IcebergCatalogs {
  static final Schema ORDERS =
      new Schema(
          Types.NestedField.required(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "item", Types.StringType.get()));

  static final String S3 = "org.apache.iceberg.aws.s3.S3FileIO";

  private IcebergCatalogs() {}

  static RESTCatalog open(RunningServer server, String warehouse, String token) {
    return open(server, warehouse, token, Map.of("io-impl", "dev.polder.lake.io.LocalFileIO"));
  }

  /** With what the client logs in with. */
  static RESTCatalog login(
      RunningServer server, String base, String warehouse, Map<String, String> credentials) {
    Map<String, String> properties = new HashMap<>(credentials);
    properties.put("io-impl", "dev.polder.lake.io.LocalFileIO");
    return initialized(server, base, warehouse, properties);
  }

  /** A client whose files are in an object store, and which has no keys of its own. */
  static RESTCatalog delegated(RunningServer server, String warehouse, String token, String modes) {
    return delegated(server, warehouse, token, modes, S3);
  }

  static RESTCatalog delegated(
      RunningServer server, String warehouse, String token, String modes, String files) {
    return open(server, warehouse, token, delegating(modes, files));
  }

  /** The same, and the server plans its scans. */
  static RESTCatalog delegatedPlanning(
      RunningServer server, String warehouse, String token, String modes, String files) {
    Map<String, String> properties = new HashMap<>(delegating(modes, files));
    properties.put("scan-planning-mode", "server");
    return open(server, warehouse, token, properties);
  }

  private static Map<String, String> delegating(String modes, String files) {
    return Map.of(
        "io-impl",
        files,
        "http-client.type",
        "urlconnection",
        "header.X-Iceberg-Access-Delegation",
        modes);
  }

  /** A client that lets the server plan its scans. */
  static RESTCatalog openPlanning(RunningServer server, String warehouse, String token) {
    return open(
        server,
        warehouse,
        token,
        Map.of("io-impl", "dev.polder.lake.io.LocalFileIO", "scan-planning-mode", "server"));
  }

  private static RESTCatalog open(
      RunningServer server, String warehouse, String token, Map<String, String> more) {
    Map<String, String> properties = new HashMap<>(more);
    properties.put("token", token);
    return initialized(server, "/api/catalog", warehouse, properties);
  }

  private static RESTCatalog initialized(
      RunningServer server, String base, String warehouse, Map<String, String> properties) {
    properties.put("uri", server.endpoints().http() + base);
    properties.put("warehouse", warehouse);
    RESTCatalog catalog = new RESTCatalog();
    catalog.initialize("polder", properties);
    return catalog;
  }

  /** Writes rows into a new file of the table; it is not committed. */
  static DataFile write(Table table, long from, long to) {
    OutputFile file =
        table.io().newOutputFile(table.location() + "/data/" + UUID.randomUUID() + ".parquet");
    DataWriter<GenericRecord> writer;
    try {
      writer =
          Parquet.writeData(file)
              .schema(table.schema())
              .withSpec(PartitionSpec.unpartitioned())
              .createWriterFunc(GenericParquetWriter::create)
              .build();
      try (writer) {
        for (long id = from; id < to; id++) {
          GenericRecord row = GenericRecord.create(table.schema());
          row.set(0, id);
          row.set(1, "item " + id);
          writer.write(row);
        }
      }
      return writer.toDataFile();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One of the table's files. */
  static DataFile anyFile(Table table) {
    try (CloseableIterable<FileScanTask> files = table.newScan().planFiles()) {
      return files.iterator().next().file();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An entry for a file that somebody else wrote. */
  static DataFile entry(String path, long bytes) {
    return DataFiles.builder(PartitionSpec.unpartitioned())
        .withPath(path)
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(bytes)
        .withRecordCount(1)
        .build();
  }
}
