package dev.polder.sql.pushdown;

import java.util.Random;

/** Makes queries over the tables of {@link Shop}. */
final class QueryGenerator {
  private final Random random;

  QueryGenerator(Random random) {
    this.random = random;
  }

  private String one(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** One or two tables and conditions on them. */
  String scans() {
    return switch (random.nextInt(4)) {
      case 0 -> "SELECT i.* FROM item i WHERE " + condition("i", 3);
      case 1 ->
          "SELECT i.id, p.id, i.name FROM item i "
              + one("", "LEFT ", "RIGHT ", "FULL ")
              + "JOIN part p ON i.id = p.item_id AND "
              + condition("i", 1)
              + " WHERE "
              + condition("i", 2);
      case 2 ->
          "SELECT count(*), min(name) FROM item i, near n WHERE i.id = n.id AND "
              + condition("i", 3);
      default ->
          "SELECT i.id, i.name, i.day, i.made FROM item i WHERE "
              + condition("i", 1)
              + " ORDER BY i.id "
              + one("", "DESC", "NULLS FIRST")
              + ", i.name, i.day, i.made LIMIT "
              + random.nextInt(20)
              + one("", " OFFSET 3");
    };
  }

  /** A query of one source: joins, groups, subqueries. */
  String blocks() {
    String from =
        one(
            "item i",
            "item i JOIN part p ON i.id = p.item_id",
            "item i LEFT JOIN part p ON i.id = p.item_id AND p.amount > 9",
            "item i, part p, near n WHERE i.id = p.item_id AND n.id = p.id AND",
            "(SELECT * FROM item i WHERE " + condition("i", 1) + ") i",
            "item i FULL JOIN near n ON i.id = n.item_id",
            "item i RIGHT JOIN part p ON i.id = p.item_id");
    String where = from.endsWith("AND") ? " " : " WHERE ";
    String filter =
        switch (random.nextInt(6)) {
          case 0 ->
              "i.id IN (SELECT item_id FROM near WHERE label " + one("= 'ape'", "<> 'ape'") + ")";
          case 1 -> one("", "NOT ") + "EXISTS (SELECT 1 FROM near m WHERE m.item_id = i.id)";
          case 2 ->
              number("i", 1) + operator() + "(SELECT avg(q.price) FROM item q WHERE q.id > 3)";
          case 3 -> "i.day > (SELECT min(q.day) FROM part q WHERE q.item_id = i.id)";
          default -> condition("i", 2);
        };
    String source = " FROM " + from + where + filter;
    String key = one(text("i"), date("i"), number("i", 1), "i.name", "i.flag", "year(i.day)");
    String aggregate = aggregate();
    return switch (random.nextInt(5)) {
      case 0 -> "SELECT " + aggregate + ", " + aggregate() + source;
      case 1 ->
          "SELECT "
              + key
              + " AS k, "
              + aggregate
              + source
              + " GROUP BY "
              + one("k", "1", "ALL")
              + one("", " HAVING count(*) > 2", " HAVING " + aggregate + " > 10");
      case 2 ->
          "SELECT "
              + key
              + " AS k, "
              + aggregate
              + " AS v, "
              + aggregate()
              + " + 1"
              + source
              + " GROUP BY 1 ORDER BY "
              + one("2, 1", "1, v", "k DESC, 2", "v NULLS FIRST, k")
              + one("", " LIMIT 3", " LIMIT 4 OFFSET 1");
      case 3 ->
          "SELECT DISTINCT "
              + key
              + ", "
              + one("i.name", "i.id", text("i"))
              + source
              + one("", " ORDER BY 1, 2", " ORDER BY 1, 2 LIMIT 4");
      default ->
          "SELECT "
              + key
              + ", i.id, i.made"
              + source
              + one("", " ORDER BY 2, 3, 1", " ORDER BY 2, 3, 1 LIMIT 5");
    };
  }

  private String aggregate() {
    return one("sum", "min", "max", "avg", "count", "count")
        + "("
        + one("", "", "DISTINCT ")
        + number("i", 1)
        + ")"
        + one("", "", "", " FILTER (WHERE " + condition("i", 0) + ")");
  }

  /** A condition on an item. */
  String condition(String t, int depth) {
    if (depth > 0 && random.nextInt(3) > 0) {
      return switch (random.nextInt(4)) {
        case 0 -> "(" + condition(t, depth - 1) + " AND " + condition(t, depth - 1) + ")";
        case 1 -> "(" + condition(t, depth - 1) + " OR " + condition(t, depth - 1) + ")";
        case 2 -> "NOT (" + condition(t, depth - 1) + ")";
        default ->
            "CASE WHEN "
                + condition(t, depth - 1)
                + " THEN "
                + condition(t, depth - 1)
                + " ELSE "
                + condition(t, depth - 1)
                + " END";
      };
    }
    return switch (random.nextInt(9)) {
      case 0 -> number(t, 1) + operator() + number(t, 1);
      case 1 -> number(t, 1) + operator() + constant();
      case 2 -> text(t) + operator() + text(t);
      case 3 -> date(t) + operator() + date(t);
      case 4 -> number(t, 0) + one("", " NOT") + " IN (" + constant() + ", " + constant() + ", 3)";
      case 5 -> number(t, 0) + " BETWEEN " + constant() + " AND " + number(t, 1);
      case 6 -> text(t) + one(" LIKE ", " NOT LIKE ") + one("'a%'", "'%a%'", "'_a_'", "'%'");
      case 7 -> one(number(t, 0), text(t), date(t), t + ".flag") + one(" IS NULL", " IS NOT NULL");
      default -> one(t + ".flag", "NOT " + t + ".flag", t + ".flag = true", "true", "odd(3)");
    };
  }

  private String operator() {
    return one(" = ", " <> ", " < ", " <= ", " > ", " >= ", " IS DISTINCT FROM ");
  }

  private String constant() {
    return one("0", "3", "-2", "1.5", "20", "300", "9.99", "'7'", "1e1", "(2 + 3)", "12345678901");
  }

  String number(String t, int depth) {
    if (depth > 0 && random.nextInt(3) == 0) {
      return "("
          + number(t, depth - 1)
          + one(" + ", " - ", " * ")
          + one(number(t, 0), "2", "1.5", "3")
          + ")";
    }
    return t
        + "."
        + one("id", "big", "small", "price", "ratio", "id", "price")
        + one("", "", "", "::BIGINT");
  }

  String text(String t) {
    return one(
        t + ".name",
        t + ".name",
        "'ape'",
        "'Cat'",
        "substring(" + t + ".name, 1, 2)",
        "coalesce(" + t + ".name, 'none')",
        "nullif(" + t + ".name, 'ape')",
        "upper(" + t + ".name)");
  }

  String date(String t) {
    return one(
        t + ".day",
        t + ".made",
        "DATE '1995-03-01'",
        "'1995-03-01'",
        "TIMESTAMP '1995-01-03 12:00:00'",
        "(" + t + ".day + INTERVAL 1 MONTH)",
        "(" + t + ".day - 10)",
        "(DATE '1995-05-31' - INTERVAL '3' MONTH)",
        "(" + t + ".made + INTERVAL 3 DAY)");
  }
}
