package dev.polder.sql.bind;

import dev.polder.sql.pushdown.OutputColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates queries before the statement that they are for, apart from its own catalog. Used by one
 * statement at a time.
 */
public interface Subqueries {
  /** The types of a query's columns. */
  List<String> types(CatalogContents contents, String query);

  /**
   * The columns of a query over empty tables; empty when it cannot be bound.
   *
   * @param tables to be found in {@code temp.main}
   */
  List<OutputColumn> columns(CatalogContents contents, List<EmptyTable> tables, String query);

  /** A table without rows. */
  record EmptyTable(String name, List<OutputColumn> columns) {
    public EmptyTable {
      columns = List.copyOf(columns);
    }
  }

  /** The SQL of a syntax tree, given as DuckDB's JSON. */
  String text(String tree);

  /** All rows of a query. */
  List<List<@Nullable Object>> rows(CatalogContents contents, String query);
}
