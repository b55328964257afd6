package dev.polder.duck;

/**
 * A column of a result.
 *
 * @param duckType the type as DuckDB writes it, such as {@code DECIMAL(18,3)} or {@code INTEGER[]}
 */
public record ResultColumn(String name, String duckType) {}
