package dev.polder.sql.analyse;

import dev.polder.sql.Duck;
import dev.polder.sql.analyse.FunctionPolicy.Use;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * Adds what the DuckDB in use offers and the list lacks, each denied until somebody reviews it. Run
 * it after an upgrade, with the path of {@code functions.txt}.
 */
public final class FunctionListGenerator {
  private FunctionListGenerator() {}

  public static void main(String[] arguments) throws IOException, SQLException {
    Path file = Path.of(arguments[0]);
    List<String> header = new ArrayList<>();
    TreeSet<String> lines = new TreeSet<>();
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      if (line.startsWith("# ")) {
        header.add(line);
      } else {
        lines.add(line);
      }
    }
    FunctionPolicy policy = FunctionPolicy.builtIn();
    for (Offered offered : offered()) {
      if (!policy.lists(offered.name(), offered.use())) {
        lines.add(
            offered.name().toLowerCase(Locale.ROOT)
                + "\t"
                + offered.use().name().toLowerCase(Locale.ROOT)
                + "\tdeny");
      }
    }
    header.addAll(lines);
    Files.write(file, header, StandardCharsets.UTF_8);
  }

  record Offered(String name, Use use) {}

  /** Every function of the DuckDB in use. */
  static List<Offered> offered() throws SQLException {
    List<Offered> result = new ArrayList<>();
    try (Duck duck = new Duck();
        Statement statement = duck.connection().createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT DISTINCT function_name, function_type FROM duckdb_functions()")) {
      while (rows.next()) {
        Use use =
            switch (rows.getString(2)) {
              case "table", "table_macro" -> Use.TABLE;
              case "pragma" -> Use.PRAGMA;
              default -> Use.EXPRESSION;
            };
        result.add(new Offered(rows.getString(1), use));
      }
    }
    return result;
  }
}
