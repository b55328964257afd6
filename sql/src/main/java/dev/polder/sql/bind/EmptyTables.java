package dev.polder.sql.bind;

import dev.polder.sql.authorise.AuthorizedQuery;
import dev.polder.sql.authorise.ResolvedReference;
import dev.polder.sql.bind.Subqueries.EmptyTable;
import dev.polder.sql.pushdown.OutputColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Binds a text whose tables are of sources over empty ones of the same columns: what it would give
 * is known without asking anybody. For one query.
 */
final class EmptyTables {
  private final BindRequest request;
  private final AuthorizedQuery query;
  private final List<EmptyTable> tables = new ArrayList<>();
  private final String text;

  EmptyTables(
      BindRequest request, AuthorizedQuery query, List<ResolvedReference.Remote> references) {
    this.request = request;
    this.query = query;
    ReferenceEdits edits = new ReferenceEdits(query);
    for (ResolvedReference.Remote remote : references) {
      String name = "e" + tables.size();
      tables.add(
          new EmptyTable(
              name,
              remote.table().columns().stream()
                  .map(column -> new OutputColumn(column.name(), column.type()))
                  .toList()));
      edits.redirect(remote.reference(), SourceScan.reference(name));
    }
    this.text = edits.apply().toString();
  }

  /** The columns of the query itself, or of another text. */
  List<OutputColumn> columns(String sql) {
    return request
        .subqueries()
        .columns(
            new CatalogContents(
                query.schema().value(), List.copyOf(request.macros()), List.of(), Map.of()),
            tables,
            sql.equals(query.text().toString()) ? text : sql);
  }
}
