package dev.polder.engine.internal.execute;

import dev.polder.duck.ResultColumn;
import dev.polder.duck.Sql;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names of results. DuckDB names a call over unpacked columns by their whole names, of which the
 * private catalog's is a part: the database's stands for it instead. Stateless.
 */
final class ResultNames {
  private static final Pattern UNPACKED =
      Pattern.compile("\\*\\s*COLUMNS\\s*\\(", Pattern.CASE_INSENSITIVE);
  private static final Pattern PRIVATE_CATALOG = Pattern.compile("\"?\\bp_[0-9a-f]{32}\\b\"?");

  private ResultNames() {}

  /** The text, with names given to its columns where DuckDB would tell the catalog's. */
  static String named(StatementContext context, Execution execution, String text) {
    if (!UNPACKED.matcher(text).find()) {
      return text;
    }
    List<String> names =
        execution.connection().describe(text, execution.allocator()).columns().stream()
            .map(ResultColumn::name)
            .toList();
    if (names.stream().noneMatch(name -> PRIVATE_CATALOG.matcher(name).find())) {
      return text;
    }
    String database = context.session().database().value();
    return names.stream()
        .map(name -> Sql.identifier(PRIVATE_CATALOG.matcher(name).replaceAll(database)))
        .collect(Collectors.joining(", ", "SELECT * FROM (" + text + "\n) AS result(", ")"));
  }
}
