package dev.polder.sql.pushdown;

import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.statement.SqlText;

/**
 * A whole query that one source answers, and what is left to do with the answer.
 *
 * @param reference one of the references of the source, by which its client is found
 * @param local the query over the answer, which gives the names and types of the original
 */
public record BlockPlan(Level level, int reference, RemoteQuery query, SqlText local) {
  public enum Level {
    /** The source does everything that lessens the rows. */
    WHOLE,
    /** The source joins, filters and groups. */
    AGGREGATED,
    /** The source joins and filters. */
    JOINED
  }
}
