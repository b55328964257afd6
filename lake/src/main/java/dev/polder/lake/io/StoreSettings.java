package dev.polder.lake.io;

/** How object stores are reached; each kind of store takes its own part. Immutable. */
public record StoreSettings(S3Settings s3, GcsSettings gcs, AzureSettings azure) {}
