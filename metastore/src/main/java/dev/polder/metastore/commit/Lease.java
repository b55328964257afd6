package dev.polder.metastore.commit;

import dev.polder.model.DatabaseId;

/** A promise that a reader may still read a database as of a commit. Immutable. */
public record Lease(String id, String holder, DatabaseId database, long seq, long expiresAt) {}
