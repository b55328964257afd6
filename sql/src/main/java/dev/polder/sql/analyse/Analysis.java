package dev.polder.sql.analyse;

import java.util.List;

/**
 * Everything that a query refers to. A table, function or parameter that is absent here is absent
 * from the query: a syntax tree with anything unknown is refused instead. Immutable.
 *
 * @param tables each place that names a table, in the order of the text; those that name a CTE are
 *     absent
 * @param functions each call by name, operators included
 * @param qualifiedColumns column references with three or more parts, such as {@code s.t.a}
 * @param conjuncts conditions that surely hold for every row of a table that can matter to the
 *     result
 */
public record Analysis(
    List<TableReference> tables,
    List<FunctionReference> functions,
    List<QualifiedColumn> qualifiedColumns,
    Parameters parameters,
    List<PruneConjunct> conjuncts) {
  public Analysis {
    tables = List.copyOf(tables);
    functions = List.copyOf(functions);
    qualifiedColumns = List.copyOf(qualifiedColumns);
    conjuncts = List.copyOf(conjuncts);
  }
}
