package dev.polder.sql.analyse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.Duck;
import dev.polder.sql.RandomRuns;
import dev.polder.sql.parse.ParserLimits;
import dev.polder.sql.parse.StatementParser;
import dev.polder.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GeneratedQueryTest {
  private static Duck duck;

  @BeforeAll
  static void open() {
    duck = new Duck();
  }

  @AfterAll
  static void close() {
    duck.close();
  }

  @Test
  void finds_exactly_the_tables_that_were_put_in() {
    int[] analysed = {0};
    RandomRuns.repeat(1500, random -> analysed[0] += checkOneQuery(random) ? 1 : 0);
    assertThat(analysed[0]).as("queries that were valid SQL").isGreaterThan(500);
  }

  private static boolean checkOneQuery(Random random) {
    Generator generator = new Generator(random);
    String sql = generator.query(4, List.of());
    SqlText text = new StatementParser(ParserLimits.DEFAULT).parseOne(sql).text();
    List<String> found;
    try {
      found =
          new QueryAnalyzer(duck)
              .analyze(text).tables().stream().map(t -> t.name().toString()).sorted().toList();
    } catch (PolderException e) {
      // Some nestings are no SQL, such as a window in a window.
      if (e.code() == ErrorCode.SYNTAX_ERROR) {
        return false;
      }
      throw e;
    }
    assertThat(found).as(sql).isEqualTo(generator.tables.stream().sorted().toList());
    return true;
  }

  /** Writes random queries and notes each table that it names. */
  private static final class Generator {
    private final Random random;
    private final List<String> tables = new ArrayList<>();
    private int names;

    Generator(Random random) {
      this.random = random;
    }

    private String table(List<String> commonTables) {
      if (!commonTables.isEmpty() && random.nextInt(4) == 0) {
        return commonTables.get(random.nextInt(commonTables.size()));
      }
      String name = "t" + random.nextInt(6);
      // A name that a CTE has taken is reached through its schema.
      String written = commonTables.contains(name) || random.nextBoolean() ? "s." + name : name;
      tables.add(written);
      return written;
    }

    private String from(int depth, List<String> ctes) {
      String alias = " q" + names++;
      return switch (depth <= 0 ? 0 : random.nextInt(11)) {
        case 1 -> "(" + query(depth - 1, ctes) + ")" + alias;
        case 2 ->
            from(depth - 1, ctes) + " JOIN " + from(depth - 1, ctes) + " ON " + expr(depth, ctes);
        case 3 ->
            from(depth - 1, ctes)
                + " LEFT JOIN LATERAL ("
                + query(depth - 1, ctes)
                + ")"
                + alias
                + " ON true";
        case 4 -> from(depth - 1, ctes) + ", " + from(depth - 1, ctes);
        case 5 ->
            "(PIVOT ("
                + query(depth - 1, ctes)
                + ") ON x USING sum("
                + expr(depth, ctes)
                + "))"
                + alias;
        case 6 -> "generate_series(1, " + expr(depth, ctes) + ")" + alias;
        case 7 -> "(VALUES (" + expr(depth, ctes) + "))" + alias;
        case 8 -> "(DESCRIBE " + query(depth - 1, ctes) + ")" + alias;
        case 9 -> "(UNPIVOT (" + query(depth - 1, ctes) + ") ON x, y INTO NAME n VALUE v)" + alias;
        case 10 -> table(ctes) + alias + " POSITIONAL JOIN " + table(ctes);
        default -> table(ctes) + alias;
      };
    }

    private String expr(int depth, List<String> ctes) {
      if (depth <= 0) {
        return random.nextBoolean() ? "1" : "a";
      }
      return switch (random.nextInt(20)) {
        case 0 -> "(" + query(depth - 1, ctes) + ")";
        case 1 -> "EXISTS (" + query(depth - 1, ctes) + ")";
        case 2 -> "a IN (" + query(depth - 1, ctes) + ")";
        case 3 -> "a > ALL (" + query(depth - 1, ctes) + ")";
        case 4 ->
            "CASE WHEN " + expr(depth - 1, ctes) + " THEN 1 ELSE " + expr(depth - 1, ctes) + " END";
        case 5 -> "f(" + expr(depth - 1, ctes) + ", x := " + expr(depth - 1, ctes) + ")";
        case 6 -> "sum(a) FILTER (WHERE " + expr(depth - 1, ctes) + ")";
        case 7 ->
            "sum(a) OVER (PARTITION BY "
                + expr(depth - 1, ctes)
                + " ORDER BY "
                + expr(depth - 1, ctes)
                + ")";
        case 8 -> "list_transform(a, lambda z: " + expr(depth - 1, ctes) + ")";
        case 9 -> "[" + expr(depth - 1, ctes) + "]";
        case 10 -> "{'k': " + expr(depth - 1, ctes) + "}";
        case 11 -> "CAST(" + expr(depth - 1, ctes) + " AS INTEGER)";
        case 12 -> "(" + expr(depth - 1, ctes) + ") BETWEEN 1 AND (" + expr(depth - 1, ctes) + ")";
        case 13 -> "array_agg(a ORDER BY " + expr(depth - 1, ctes) + ")";
        case 14 -> "ARRAY (" + query(depth - 1, ctes) + ")";
        case 15 -> "COLUMNS(c -> " + expr(depth - 1, ctes) + ")";
        case 16 -> "(" + expr(depth - 1, ctes) + ")[" + expr(depth - 1, ctes) + "]";
        case 17 -> "a NOT IN (1, " + expr(depth - 1, ctes) + ")";
        case 18 -> "coalesce(a, " + expr(depth - 1, ctes) + ") IS NULL";
        default -> "(" + expr(depth - 1, ctes) + ") + (" + expr(depth - 1, ctes) + ")";
      };
    }

    String query(int depth, List<String> outer) {
      if (depth > 0 && random.nextInt(4) == 0) {
        return with(depth, outer);
      }
      if (depth > 0 && random.nextInt(5) == 0) {
        String operation =
            List.of("UNION", "UNION ALL BY NAME", "EXCEPT", "INTERSECT").get(random.nextInt(4));
        return "("
            + query(depth - 1, outer)
            + ") "
            + operation
            + " ("
            + query(depth - 1, outer)
            + ")";
      }
      StringBuilder sql = new StringBuilder();
      String select = "SELECT " + (random.nextInt(4) == 0 ? "*, " : "") + expr(depth, outer);
      String from = depth < 4 && random.nextInt(4) == 0 ? "" : " FROM " + from(depth - 1, outer);
      sql.append(select).append(from);
      clause(sql, " WHERE ", depth, outer);
      if (random.nextInt(5) == 0) {
        sql.append(" GROUP BY GROUPING SETS ((" + expr(depth - 1, outer) + "), (b))");
        clause(sql, " HAVING ", depth, outer);
      }
      clause(sql, " QUALIFY ", depth, outer);
      clause(sql, " ORDER BY ", depth, outer);
      if (random.nextInt(6) == 0) {
        sql.append(" LIMIT (" + query(depth - 2, outer) + ")");
      }
      return sql.toString();
    }

    private void clause(StringBuilder sql, String word, int depth, List<String> ctes) {
      if (random.nextInt(4) == 0) {
        sql.append(word).append(expr(depth - 1, ctes));
      }
    }

    private String with(int depth, List<String> outer) {
      List<String> visible = new ArrayList<>(outer);
      StringBuilder sql = new StringBuilder("WITH ");
      int count = 1 + random.nextInt(2);
      for (int i = 0; i < count; i++) {
        String name = random.nextBoolean() ? "t" + random.nextInt(6) : "c" + names++;
        if (visible.subList(outer.size(), visible.size()).contains(name)) {
          name = "c" + names++;
        }
        sql.append(i == 0 ? "" : ", ")
            .append(name)
            .append(" AS (")
            .append(query(depth - 1, visible))
            .append(")");
        visible.add(name);
      }
      return sql.append(" ").append(plain(depth - 1, visible)).toString();
    }

    private String plain(int depth, List<String> ctes) {
      return "SELECT " + expr(depth, ctes) + " FROM " + from(depth, ctes);
    }
  }
}
