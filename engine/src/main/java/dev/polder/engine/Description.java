package dev.polder.engine;

import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * What a statement would answer.
 *
 * @param returnsRows false for statements that answer a count
 * @param columns empty when {@code returnsRows} is false
 * @param parameters DuckDB's type name of each parameter in order; {@code UNKNOWN} where only a
 *     value decides
 */
public record Description(
    boolean returnsRows, List<Result.Column> columns, Schema schema, List<String> parameters) {}
