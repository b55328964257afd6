package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.analyse.Span;
import dev.polder.sql.analyse.TableReference;
import dev.polder.sql.analyse.internal.Locations;
import dev.polder.sql.pushdown.PushdownRequest;
import dev.polder.sql.statement.SqlText;
import java.util.HashMap;
import java.util.Map;

/** Finds which reference of the analysis a table of the tree is, by where it stands. Immutable. */
final class ReferencePlaces {
  private final Locations locations;
  private final Map<Span, Integer> places = new HashMap<>();

  ReferencePlaces(PushdownRequest request) {
    this.locations = new Locations(SqlText.of(request.text().toString()), request.text());
    for (TableReference table : request.analysis().tables()) {
      table.span().ifPresent(span -> places.put(span, table.index()));
    }
  }

  /** The index of the reference; −1 for a common table expression and what has no place. */
  int reference(JsonNode table) {
    return locations.span(table).map(span -> places.getOrDefault(span, -1)).orElse(-1);
  }
}
