package dev.polder.metastore.catalog;

import dev.polder.model.SpaceKey;
import java.util.Optional;

/**
 * One tenant's part of a database. Immutable.
 *
 * @param firstSeq the commit with which its own history starts
 * @param origin where its history before that is kept; empty: there is none
 */
public record Space(SpaceKey key, long createdAt, long firstSeq, Optional<Origin> origin) {}
