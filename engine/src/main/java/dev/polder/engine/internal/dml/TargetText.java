package dev.polder.engine.internal.dml;

import dev.polder.sql.analyse.Analysis;
import dev.polder.sql.analyse.TableReference;
import dev.polder.sql.statement.Identifiers;
import dev.polder.sql.statement.ObjectName;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The target of a statement inside of the query that finds its rows. Stateless. */
final class TargetText {
  private TargetText() {}

  /** The references that stand at offsets of the text. */
  static Set<Integer> references(Analysis analysis, Integer... offsets) {
    Set<Integer> wanted = Set.of(offsets);
    return analysis.tables().stream()
        .filter(table -> table.span().map(span -> wanted.contains(span.start())).orElse(false))
        .map(TableReference::index)
        .collect(Collectors.toSet());
  }

  /** The name by which the statement's expressions know the target. */
  static String alias(ObjectName target, Optional<String> alias) {
    return Identifiers.quote(alias.orElse(target.last()));
  }

  /** The target as a table of FROM. */
  static String table(ObjectName target, Optional<String> alias) {
    return quoted(target) + alias.map(name -> " AS " + Identifiers.quote(name)).orElse("");
  }

  /** A name as SQL, keywords in quotes too. */
  static String quoted(ObjectName name) {
    return name.parts().stream().map(Identifiers::quote).collect(Collectors.joining("."));
  }
}
