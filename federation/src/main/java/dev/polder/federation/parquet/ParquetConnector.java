package dev.polder.federation.parquet;

import static dev.polder.federation.ConnectorProperty.Kind.BOOLEAN;
import static dev.polder.federation.ConnectorProperty.Kind.LOCAL_PATH;
import static dev.polder.federation.ConnectorProperty.Kind.NUMBER;
import static dev.polder.federation.ConnectorProperty.Kind.SECRET;
import static dev.polder.federation.ConnectorProperty.Kind.TEXT;

import dev.polder.federation.Connector;
import dev.polder.federation.ConnectorProperty;
import dev.polder.federation.SourceClient;
import dev.polder.federation.SourceSettings;
import dev.polder.federation.duckdb.DuckdbFiles;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Directories and S3 prefixes of Parquet files. Thread-safe. */
public final class ParquetConnector implements Connector {
  private final DuckdbFiles instances;
  private final Path copies;

  /**
   * Opens nothing yet.
   *
   * @param copies a directory for copies of remote files, which is empty when the process starts
   */
  public ParquetConnector(DuckdbFiles instances, Path copies) {
    this.instances = instances;
    this.copies = copies;
  }

  @Override
  public String name() {
    return "parquet";
  }

  @Override
  public List<ConnectorProperty> properties() {
    return List.of(
        ConnectorProperty.optional(
            "directory", LOCAL_PATH, "A directory: each file or directory in it is a table."),
        ConnectorProperty.optional("location", TEXT, "Instead of a directory: s3://bucket/prefix."),
        ConnectorProperty.optional("endpoint", TEXT, "The store's address, if it is not AWS."),
        ConnectorProperty.withDefault("region", TEXT, "us-east-1", "The store's region."),
        ConnectorProperty.optional("accessKeyId", TEXT, "The store's key."),
        ConnectorProperty.optional("secretAccessKey", SECRET, "The key's secret."),
        ConnectorProperty.optional("sessionToken", SECRET, "The token of temporary keys."),
        ConnectorProperty.withDefault(
            "anonymous", BOOLEAN, "false", "Read a public bucket without keys."),
        ConnectorProperty.optional(
            "pathStyle", BOOLEAN, "Name buckets in paths; the default where an endpoint is given."),
        ConnectorProperty.withDefault(
            "connectTimeoutSeconds", NUMBER, "10", "How long to wait for a connection."),
        ConnectorProperty.withDefault(
            "socketTimeoutSeconds", NUMBER, "60", "How long to wait for the store's bytes."),
        ConnectorProperty.withDefault(
            "cacheMegabytes", NUMBER, "4096", "How much to keep of files that were read."),
        ConnectorProperty.withDefault(
            "metadataCacheSeconds", NUMBER, "10", "How long columns of tables are remembered."));
  }

  @Override
  public SourceClient open(SourceSettings settings) {
    Optional<String> directory = settings.text("directory");
    Optional<String> location = settings.text("location");
    if (directory.isPresent() == location.isPresent()) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "source '" + settings.alias() + "' needs one of the properties directory and location");
    }
    ParquetRoot root =
        directory
            .<ParquetRoot>map(path -> new LocalRoot(settings.alias(), Path.of(path)))
            .orElseGet(() ->
                new S3Root(
                    settings,
                    location.orElseThrow(),
                    copies.resolve(UUID.randomUUID().toString())));
    return new ParquetClient(settings, root, instances);
  }
}
