package dev.polder.sql.bind;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.duck.scan.ParquetScan;
import dev.polder.sql.authorise.AuthorizedQuery;
import dev.polder.sql.authorise.SpaceReader;
import dev.polder.sql.catalog.VisibleSpace;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.statement.SqlText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * One query to bind.
 *
 * @param files finds the tables' files
 * @param visible what metadata relations show; asked for only when one is read
 * @param filtered puts a scan's row filter where no expression of the user can come before it
 * @param subqueries evaluates the subqueries of row filters and masks
 * @param targets indexes of the table references (all to one table) that are to show each row's
 *     identity, in the columns {@link Binder#FILE} and {@link Binder#ROW}
 * @param targetRows the query that stands for the target instead, such as rows about to be written
 * @param macros functions about the session, such as {@code current_user}
 * @param keys what is known of the rows that matter of tables of sources, by the reference's index
 * @param trees DuckDB's syntax tree of a text that was analysed; empty for PIVOT
 */
public record BindRequest(
    AuthorizedQuery query,
    SpaceReader reader,
    ReadableFiles files,
    Supplier<VisibleSpace> visible,
    ParameterValues parameters,
    Constants constants,
    UnaryOperator<ParquetScan> filtered,
    Subqueries subqueries,
    Set<Integer> targets,
    Optional<String> targetRows,
    List<CatalogContents.Definition.Macro> macros,
    Map<Integer, List<RemoteExpression>> keys,
    Function<SqlText, Optional<JsonNode>> trees) {
  public BindRequest {
    macros = List.copyOf(macros);
    keys = Map.copyOf(keys);
    targets = Set.copyOf(targets);
  }

  /** The same query, of which more is known. */
  public BindRequest withKeys(Map<Integer, List<RemoteExpression>> known) {
    return new BindRequest(
        query,
        reader,
        files,
        visible,
        parameters,
        constants,
        filtered,
        subqueries,
        targets,
        targetRows,
        macros,
        known,
        trees);
  }
}
