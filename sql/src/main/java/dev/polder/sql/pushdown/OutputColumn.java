package dev.polder.sql.pushdown;

/** A column of a query's result as DuckDB names and types it. */
public record OutputColumn(String name, String type) {}
