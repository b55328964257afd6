package dev.polder.server.config;

/** Where the tables' files lie. Immutable. */
public record WarehouseSettings(
    @Key(
            value =
                "A local directory or an s3:// address under which all tables' files are written.",
            derived = "`warehouse` in `data.dir`")
        String location,
    @Key(
            value = "Local copies of an object store's files may take this much space in data.dir.",
            byDefault = "20GiB",
            min = "1MiB")
        ByteSize cacheSize,
    S3Settings s3) {

  /** Whether the files lie in an object store. */
  public boolean isS3() {
    return location.startsWith("s3://");
  }
}
