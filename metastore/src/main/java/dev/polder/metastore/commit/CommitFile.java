package dev.polder.metastore.commit;

/** A file that a commit added or removed. Immutable. */
public record CommitFile(long seq, FileChange change) {}
