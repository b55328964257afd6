package dev.polder.metastore.mirror;

import dev.polder.metastore.lineage.DatabaseCommit;
import java.util.OptionalLong;

/**
 * A commit that followers stage before it is made. Immutable.
 *
 * @param seq the commit that it became; empty: it may still be given up
 * @param content what the commit changes; its number and time are a guess
 */
public record Offer(String id, OptionalLong seq, DatabaseCommit content) {}
