package dev.polder.sql.parse.internal;

import dev.polder.model.ErrorCode;
import dev.polder.sql.parse.Token;
import dev.polder.sql.statement.Assignment;
import dev.polder.sql.statement.DataStatement;
import dev.polder.sql.statement.Delete;
import dev.polder.sql.statement.Insert;
import dev.polder.sql.statement.InsertSource;
import dev.polder.sql.statement.ObjectName;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.Truncate;
import dev.polder.sql.statement.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The heads of INSERT, UPDATE, DELETE and TRUNCATE. One use per instance. */
final class DataGrammar {
  /** Words that end a table expression; in a FROM or USING list they would change its meaning. */
  private static final Set<String> AFTER_TABLES =
      Set.of(
          "WHERE",
          "RETURNING",
          "GROUP",
          "HAVING",
          "ORDER",
          "LIMIT",
          "OFFSET",
          "UNION",
          "INTERSECT",
          "EXCEPT",
          "WINDOW",
          "QUALIFY",
          "FETCH",
          "SELECT");

  private static final Set<String> AFTER_ASSIGNMENT = Set.of(",", "FROM", "WHERE", "RETURNING");
  private static final Set<String> AFTER_SOURCE = Set.of("RETURNING", "ON");

  private final Cursor cursor;
  private final Optional<SqlText> with;

  DataGrammar(Cursor cursor, Optional<SqlText> with) {
    this.cursor = cursor;
    this.with = with;
  }

  DataStatement statement() {
    return switch (cursor.word(0)) {
      case "INSERT" -> insert();
      case "UPDATE" -> update();
      case "DELETE" -> delete();
      case "MERGE" -> new MergeGrammar(cursor, with).merge();
      case "COPY" -> new CopyGrammar(cursor).copy();
      default -> truncate();
    };
  }

  private Truncate truncate() {
    cursor.expect("TRUNCATE");
    cursor.accept("TABLE");
    ObjectName target = cursor.objectName("a table");
    cursor.expectEnd();
    return new Truncate(cursor.text(), target);
  }

  private Insert insert() {
    cursor.expect("INSERT");
    if (cursor.at("OR")) {
      throw cursor.notSupported(
          "INSERT OR REPLACE and INSERT OR IGNORE are not supported; use MERGE");
    }
    cursor.expect("INTO");
    ObjectName target = cursor.objectName("a table");
    Optional<String> alias =
        cursor.accept("AS") ? Optional.of(cursor.name("an alias")) : Optional.empty();
    boolean byName = cursor.accept("BY", "NAME");
    if (!byName) {
      cursor.accept("BY", "POSITION");
    }
    List<String> columns = startsColumns() ? cursor.nameList("a column") : List.of();
    InsertSource source;
    if (cursor.accept("DEFAULT", "VALUES")) {
      source = new InsertSource.DefaultValues();
    } else {
      source = rows();
    }
    if (cursor.at("ON")) {
      throw cursor.notSupported("ON CONFLICT is not supported; use MERGE");
    }
    return new Insert(
        cursor.text(), with, target, alias, columns, byName, source, returning(cursor));
  }

  private boolean startsColumns() {
    if (!cursor.at("(")) {
      return false;
    }
    return switch (cursor.word(1)) {
      case "SELECT", "WITH", "FROM", "TABLE", "PIVOT", "UNPIVOT", "DESCRIBE", "SUMMARIZE" -> false;
      case "VALUES" -> !cursor.is(2, "(");
      default -> !cursor.is(1, "(");
    };
  }

  private InsertSource rows() {
    boolean values = cursor.at("VALUES");
    int from = cursor.index();
    SqlText query = queryUntilReturning();
    boolean defaults = false;
    if (values) {
      int to = cursor.index();
      cursor.moveTo(from);
      while (cursor.index() < to) {
        defaults |= cursor.at("DEFAULT") && !cursor.is(-1, ".");
        cursor.next();
      }
    }
    return new InsertSource.Rows(query, defaults);
  }

  /** A join's ON belongs to the query; only ON CONFLICT ends it. */
  private SqlText queryUntilReturning() {
    int from = cursor.index();
    do {
      if (cursor.at("ON")) {
        cursor.next();
      }
      cursor.until("a query", AFTER_SOURCE);
    } while (cursor.at("ON") && !cursor.is(1, "CONFLICT"));
    noComma();
    return cursor.sliceFrom(from);
  }

  private void noComma() {
    if (!cursor.atEnd() && !cursor.at("ON") && !cursor.at("RETURNING")) {
      throw cursor.unexpected("the statement's end");
    }
  }

  private Update update() {
    cursor.expect("UPDATE");
    if (cursor.at("EXTENSIONS")) {
      throw cursor.notSupported("UPDATE EXTENSIONS is not supported");
    }
    ObjectName target = cursor.objectName("a table");
    Optional<String> alias = alias(cursor, "SET");
    cursor.expect("SET");
    List<Assignment> assignments = assignments(cursor, AFTER_ASSIGNMENT);
    Optional<SqlText> from = cursor.accept("FROM") ? Optional.of(tables()) : Optional.empty();
    Optional<SqlText> where = where();
    return new Update(
        cursor.text(), with, target, alias, assignments, from, where, returning(cursor));
  }

  private Delete delete() {
    cursor.expect("DELETE");
    cursor.expect("FROM");
    ObjectName target = cursor.objectName("a table");
    Optional<String> alias = alias(cursor, "USING", "WHERE", "RETURNING");
    Optional<SqlText> using = cursor.accept("USING") ? Optional.of(tables()) : Optional.empty();
    Optional<SqlText> where = where();
    return new Delete(cursor.text(), with, target, alias, using, where, returning(cursor));
  }

  private SqlText tables() {
    SqlText tables = cursor.until("a table", AFTER_TABLES);
    if (!cursor.atEnd() && !cursor.at("WHERE") && !cursor.at("RETURNING")) {
      throw cursor.unexpected("WHERE, RETURNING or the statement's end");
    }
    return tables;
  }

  private Optional<SqlText> where() {
    if (!cursor.accept("WHERE")) {
      return Optional.empty();
    }
    if (cursor.at("CURRENT", "OF")) {
      throw cursor.notSupported("WHERE CURRENT OF is not supported");
    }
    SqlText condition = cursor.until("a condition", AFTER_TABLES);
    if (!cursor.atEnd() && !cursor.at("RETURNING")) {
      throw cursor.unexpected("RETURNING or the statement's end");
    }
    return Optional.of(condition);
  }

  static Optional<SqlText> returning(Cursor cursor) {
    if (cursor.accept("RETURNING")) {
      if (cursor.atEnd()) {
        throw cursor.unexpected("an expression");
      }
      return Optional.of(cursor.rest());
    }
    cursor.expectEnd();
    return Optional.empty();
  }

  /** {@code [AS] alias}, unless the next word is one of those that may follow instead. */
  static Optional<String> alias(Cursor cursor, String... following) {
    if (cursor.accept("AS")) {
      return Optional.of(cursor.name("an alias"));
    }
    boolean bare = cursor.atName() && !Set.of(following).contains(cursor.word(0));
    return bare ? Optional.of(cursor.name("an alias")) : Optional.empty();
  }

  /** {@code path = expression, …}, up to one of the words. */
  static List<Assignment> assignments(Cursor cursor, Set<String> until) {
    List<Assignment> assignments = new ArrayList<>();
    do {
      if (cursor.at("(")) {
        assignments.addAll(multiple(cursor));
      } else {
        List<String> column = cursor.path("a column");
        cursor.expect("=");
        assignments.add(new Assignment(column, cursor.until("an expression", until)));
      }
    } while (cursor.accept(","));
    return assignments;
  }

  /** {@code (a, b) = (x, y)}. */
  private static List<Assignment> multiple(Cursor cursor) {
    Token start = cursor.token(0);
    cursor.expect("(");
    List<List<String>> columns = new ArrayList<>();
    do {
      columns.add(cursor.path("a column"));
    } while (cursor.accept(","));
    cursor.expect(")");
    cursor.expect("=");
    cursor.accept("ROW");
    if (cursor.is(1, "SELECT") || cursor.is(1, "WITH") || cursor.is(1, "FROM")) {
      throw cursor.notSupported(
          "assigning a subquery to several columns is not supported; assign each column");
    }
    cursor.expect("(");
    List<Assignment> assignments = new ArrayList<>();
    do {
      SqlText expression = cursor.until("an expression", Set.of(","));
      if (assignments.size() < columns.size()) {
        assignments.add(new Assignment(columns.get(assignments.size()), expression));
      } else {
        throw cursor.unexpected("as many values as columns");
      }
    } while (cursor.accept(","));
    cursor.expect(")");
    if (assignments.size() != columns.size()) {
      throw cursor.error(
          ErrorCode.SYNTAX_ERROR,
          columns.size() + " columns but " + assignments.size() + " values",
          start.start());
    }
    return assignments;
  }
}
