package dev.polder.sql.analyse.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.analyse.Analysis;
import dev.polder.sql.analyse.AtClause;
import dev.polder.sql.analyse.ColumnUse;
import dev.polder.sql.analyse.FunctionKind;
import dev.polder.sql.analyse.FunctionReference;
import dev.polder.sql.analyse.Parameters;
import dev.polder.sql.analyse.PruneConjunct;
import dev.polder.sql.analyse.QualifiedColumn;
import dev.polder.sql.analyse.Span;
import dev.polder.sql.analyse.TableReference;
import dev.polder.sql.statement.ObjectName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gathers what the walk finds. Not thread-safe. */
final class References {
  private static final Set<String> VALUE_WORDS =
      Set.of(
          "current_date",
          "current_time",
          "current_timestamp",
          "localtime",
          "localtimestamp",
          "current_user",
          "current_role",
          "session_user",
          "user",
          "current_catalog",
          "current_schema");

  private record Found(
      ObjectName name,
      Optional<String> alias,
      Optional<Span> span,
      Optional<AtClause> at,
      boolean allColumns) {}

  private final Locations locations;
  private final List<Found> tables = new ArrayList<>();
  private final Map<Found, Integer> places = new HashMap<>();
  private final List<FunctionReference> functions = new ArrayList<>();
  private final List<QualifiedColumn> qualified = new ArrayList<>();
  private final List<PruneConjunct> conjuncts = new ArrayList<>();
  private final Set<Integer> wholeTables = new HashSet<>();
  private final Set<String> starred = new HashSet<>();
  private final Set<String> lastParts = new HashSet<>();
  private final Set<String> columns = new HashSet<>();

  References(Locations locations) {
    this.locations = locations;
  }

  static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  int table(
      List<String> path, String alias, JsonNode node, Optional<AtClause> at, boolean allColumns) {
    if (path.isEmpty() || path.size() > 3) {
      throw new PolderException(
          ErrorCode.SYNTAX_ERROR,
          "a table's name has one to three parts: " + String.join(".", path));
    }
    Found found =
        new Found(
            new ObjectName(path),
            alias.isEmpty() ? Optional.empty() : Optional.of(alias),
            locations.span(node),
            at,
            allColumns);
    // DuckDB's tree repeats some expressions, such as the order within ARRAY (SELECT … ORDER BY …).
    Integer known = found.span().isPresent() ? places.putIfAbsent(found, tables.size()) : null;
    if (known != null) {
      return known;
    }
    tables.add(found);
    return tables.size() - 1;
  }

  void wholeTable(int index) {
    wholeTables.add(index);
  }

  void wholeTables(Select select) {
    select.items.forEach(item -> wholeTables.add(item.table()));
  }

  void star(String qualifier) {
    starred.add(lower(qualifier));
  }

  void columnName(String name) {
    columns.add(lower(name));
  }

  void column(List<String> parts, JsonNode node) {
    parts.forEach(this::columnName);
    lastParts.add(lower(parts.getLast()));
    if (parts.size() >= 3) {
      qualified.add(new QualifiedColumn(parts, locations.span(node)));
    }
    if (parts.size() == 1 && VALUE_WORDS.contains(lower(parts.getFirst()))) {
      functions.add(
          new FunctionReference(
              lower(parts.getFirst()), "", FunctionKind.VALUE, locations.span(node)));
    }
  }

  void function(String name, List<String> path, FunctionKind kind, JsonNode node) {
    List<String> prefix = path.isEmpty() ? path : path.subList(0, path.size() - 1);
    // A column with a method looks like a schema with a function.
    prefix.forEach(this::columnName);
    prefix.forEach(part -> lastParts.add(lower(part)));
    functions.add(
        new FunctionReference(
            lower(name), lower(String.join(".", prefix)), kind, locations.span(node)));
  }

  void conjunct(PruneConjunct conjunct) {
    conjuncts.add(conjunct);
  }

  Analysis analysis(Parameters parameters) {
    ColumnUse named = new ColumnUse.Named(columns);
    List<TableReference> references = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      Found table = tables.get(i);
      String qualifier = lower(table.alias().orElse(table.name().last()));
      boolean all =
          table.allColumns()
              || wholeTables.contains(i)
              || starred.contains(qualifier)
              || lastParts.contains(qualifier);
      references.add(
          new TableReference(
              i,
              table.name(),
              table.alias(),
              table.span(),
              table.span().flatMap(locations::nameSpan),
              table.at(),
              all ? new ColumnUse.All() : named));
    }
    return new Analysis(references, functions, qualified, parameters, conjuncts);
  }
}
