package dev.polder.benchmarks.catalog;

import dev.polder.lake.io.LocalFileIO;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.UpdateRequirements;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.rest.requests.UpdateTableRequestParser;
import org.jspecify.annotations.Nullable;

/**
 * One table for one client, with Iceberg's own appends and retries over our connection. Manifests
 * go to local files on all sides: where the catalog keeps tables elsewhere, beside them. Used by
 * one thread.
 */
final class AppendedTable implements TableOperations {
  private static final byte[] CONTENT = new byte[1_000];

  private final CatalogClient client;
  private final String namespace;
  private final String name;
  private final Path scratch;
  private final LocalFileIO files = new LocalFileIO();
  private @Nullable TableMetadata current;
  private final List<Double> answers = new ArrayList<>();

  AppendedTable(CatalogClient client, String namespace, String name, Path scratch) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
    this.scratch = scratch;
  }

  /** Appends a file that nobody reads. */
  void append() throws IOException {
    String path = directory(current()) + "/data/" + UUID.randomUUID() + ".parquet";
    try (OutputStream out = files.newOutputFile(path).create()) {
      out.write(CONTENT);
    }
    DataFile file =
        DataFiles.builder(current().spec())
            .withPath(path)
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(CONTENT.length)
            .withRecordCount(1)
            .build();
    new BaseTable(this, name).newFastAppend().appendFile(file).commit();
  }

  /** Milliseconds that each commit that was sent waited for its answer, good or bad. */
  List<Double> answers() {
    return answers;
  }

  @Override
  public TableMetadata current() {
    return current == null ? refresh() : current;
  }

  @Override
  public TableMetadata refresh() {
    try {
      TableMetadata loaded = CatalogClient.metadata(client.send(client.load(namespace, name)));
      current = loaded;
      return loaded;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void commit(TableMetadata base, TableMetadata metadata) {
    UpdateTableRequest request =
        UpdateTableRequest.create(
            TableIdentifier.of(namespace, name),
            UpdateRequirements.forUpdateTable(base, metadata.changes()),
            metadata.changes());
    String body = UpdateTableRequestParser.toJson(request);
    try {
      long sent = System.nanoTime();
      Wire.Answer answer = client.send(client.commit(namespace, name, body));
      answers.add((System.nanoTime() - sent) / 1e6);
      if (answer.isFailure()) {
        throw new CommitFailedException("%s", answer.text());
      }
      current = CatalogClient.metadata(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public FileIO io() {
    return files;
  }

  @Override
  public String metadataFileLocation(String file) {
    return directory(current()) + "/metadata/" + file;
  }

  @Override
  public LocationProvider locationProvider() {
    return LocationProviders.locationsFor(directory(current()), current().properties());
  }

  private String directory(TableMetadata metadata) {
    String location = metadata.location();
    return location.startsWith("s3:") ? scratch.resolve(metadata.uuid()).toString() : location;
  }
}
