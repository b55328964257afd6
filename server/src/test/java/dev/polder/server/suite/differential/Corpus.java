package dev.polder.server.suite.differential;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the resource files of the suite. Stateless. */
final class Corpus {
  private static final List<String> FILES =
      List.of(
          "joins",
          "windows",
          "ctes",
          "sets",
          "pivots",
          "grouping",
          "subqueries",
          "nested",
          "projections",
          "scalars",
          "parameters");
  private static final String PARAMETERS = "-- parameters: ";

  private Corpus() {}

  static List<Question> questions() {
    List<Question> questions = new ArrayList<>();
    for (String file : FILES) {
      for (String block : read(file + ".sql").split("\\n\\n+(?=-- )", -1)) {
        questions.add(question(file, block.strip()));
      }
    }
    return questions;
  }

  /** The statements that make the tables for one of {@code polder} and {@code duckdb}. */
  static List<String> tables(String system) {
    List<String> statements = new ArrayList<>();
    String section = "";
    StringBuilder statement = new StringBuilder();
    for (String line : read("tables.txt").lines().toList()) {
      if (line.startsWith("--- ")) {
        section = line.substring(4).strip();
      } else if (!line.startsWith("#") && !line.isBlank()) {
        statement.append(line).append('\n');
        if (line.endsWith(";")) {
          if (section.equals(system) || section.equals("both") || section.equals("view")) {
            statements.add(statement.substring(0, statement.length() - 2));
          }
          statement.setLength(0);
        }
      }
    }
    return statements;
  }

  private static Question question(String file, String block) {
    List<String> lines = new ArrayList<>(block.lines().toList());
    String name = lines.removeFirst().substring(3);
    List<@Nullable Object> parameters = List.of();
    if (lines.getFirst().startsWith(PARAMETERS)) {
      parameters = parameters(lines.removeFirst().substring(PARAMETERS.length()));
    }
    String sql = String.join("\n", lines);
    if (sql.endsWith(";")) {
      sql = sql.substring(0, sql.length() - 1);
    }
    return new Question(file, name, sql, parameters, ordered(sql));
  }

  /** Whether ORDER BY stands outside of all brackets. */
  private static boolean ordered(String sql) {
    int depth = 0;
    String upper = sql.toUpperCase(Locale.ROOT);
    for (int i = 0; i < upper.length(); i++) {
      char c = upper.charAt(i);
      if (c == '(' || c == '[') {
        depth++;
      } else if (c == ')' || c == ']') {
        depth--;
      } else if (depth == 0 && upper.startsWith("ORDER BY", i)) {
        return true;
      }
    }
    return false;
  }

  private static List<@Nullable Object> parameters(String json) {
    try {
      return new ObjectMapper().readValue(json, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(String name) {
    try (InputStream in = Corpus.class.getResourceAsStream("/suite/differential/" + name)) {
      if (in == null) {
        throw new AssertionError("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
