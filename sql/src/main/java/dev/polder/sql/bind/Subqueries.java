package dev.polder.sql.bind;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates queries before the statement that they are for, apart from its own catalog. Used by one
 * statement at a time.
 */
public interface Subqueries {
  /** The types of a query's columns. */
  List<String> types(CatalogContents contents, String query);

  /** All rows of a query. */
  List<List<@Nullable Object>> rows(CatalogContents contents, String query);
}
