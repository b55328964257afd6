package dev.polder.lake.io;

/** A file that lies in the warehouse. Immutable. */
public record StoredFile(String path, long modifiedMillis) {}
