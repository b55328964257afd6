package dev.polder.server.config;

import java.util.List;

/** Where the tables' files lie. Immutable. */
public record WarehouseSettings(
    @Key(
            value =
                "A local directory, or s3://bucket/prefix, gs://bucket/prefix or"
                    + " abfss://container@account.dfs.core.windows.net/prefix: all tables' files"
                    + " are written below. The last two need a module ('./polder stores').",
            derived = "`warehouse` in `data.dir`")
        String location,
    @Key(
            value = "Local copies of an object store's files may take this much space in data.dir.",
            byDefault = "20GiB",
            min = "1MiB")
        ByteSize cacheSize,
    S3Settings s3,
    GcsSettings gcs,
    AzureSettings azure) {
  private static final List<String> STORES = List.of("s3://", "gs://", "abfss://");

  /** Whether the files lie in an object store. */
  public boolean isRemote() {
    return STORES.stream().anyMatch(location::startsWith);
  }
}
