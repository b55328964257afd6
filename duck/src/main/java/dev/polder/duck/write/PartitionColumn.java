package dev.polder.duck.write;

/**
 * A value by which rows are split into files; it is not stored in them.
 *
 * @param expression over the columns of the select that is written
 * @param duckType the type of the expression's value
 */
public record PartitionColumn(String expression, String duckType) {}
