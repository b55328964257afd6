package dev.polder.sql.remote;

/**
 * A column of a table of a source, or of a query in FROM.
 *
 * @param name as the source spells it
 * @param type DuckDB's name of the type that the engine reads it as
 * @param nativeType the source's own name of its type; empty for what a query in FROM computes,
 *     whose outputs are cast to their types
 * @param nullable whether it may hold NULL; true where the source does not say
 */
public record RemoteColumn(String name, String type, String nativeType, boolean nullable) {}
