package dev.polder.metastore.commit;

/** How much the current state of something occupies. Immutable. */
public record Usage(long bytes, long files) {}
