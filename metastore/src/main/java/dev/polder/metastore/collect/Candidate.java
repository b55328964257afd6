package dev.polder.metastore.collect;

import dev.polder.model.CollectionId;

/** A file that its own collection no longer names in any state that can be asked for. Immutable. */
public record Candidate(String path, CollectionId collection) {}
