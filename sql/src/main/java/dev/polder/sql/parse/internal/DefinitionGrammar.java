package dev.polder.sql.parse.internal;

import dev.polder.model.ErrorCode;
import dev.polder.sql.statement.ColumnDefinition;
import dev.polder.sql.statement.CommentOn;
import dev.polder.sql.statement.CreateSchema;
import dev.polder.sql.statement.CreateTable;
import dev.polder.sql.statement.CreateTableAs;
import dev.polder.sql.statement.CreateView;
import dev.polder.sql.statement.DefinitionStatement;
import dev.polder.sql.statement.DropSchema;
import dev.polder.sql.statement.DropTable;
import dev.polder.sql.statement.DropView;
import dev.polder.sql.statement.ObjectName;
import dev.polder.sql.statement.PartitionField;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** CREATE, DROP and COMMENT ON for schemas, tables and views. One use per instance. */
final class DefinitionGrammar {
  private final Cursor cursor;
  private final ColumnGrammar columnGrammar;
  private List<PartitionField> partitioning = List.of();
  private Map<String, String> properties = Map.of();
  private Optional<String> comment = Optional.empty();

  DefinitionGrammar(Cursor cursor) {
    this.cursor = cursor;
    this.columnGrammar = new ColumnGrammar(cursor);
  }

  Statement create() {
    cursor.expect("CREATE");
    boolean orReplace = cursor.accept("OR", "REPLACE");
    if (cursor.accept("SCHEMA")) {
      if (orReplace) {
        throw cursor.notSupported("CREATE OR REPLACE SCHEMA is not supported");
      }
      boolean ifNotExists = cursor.accept("IF", "NOT", "EXISTS");
      ObjectName name = schema();
      cursor.expectEnd();
      return new CreateSchema(cursor.text(), name, ifNotExists);
    }
    boolean view = cursor.accept("VIEW");
    if (!view) {
      cursor.expect("TABLE");
    }
    int exists = cursor.token(0).start();
    boolean ifNotExists = cursor.accept("IF", "NOT", "EXISTS");
    if (orReplace && ifNotExists) {
      throw cursor.error(
          ErrorCode.SYNTAX_ERROR, "OR REPLACE and IF NOT EXISTS exclude each other", exists);
    }
    ObjectName name = cursor.objectName(view ? "a view" : "a table");
    return view ? view(name, orReplace, ifNotExists) : table(name, orReplace, ifNotExists);
  }

  private Statement view(ObjectName name, boolean orReplace, boolean ifNotExists) {
    List<String> columns = cursor.at("(") ? cursor.nameList("a column") : List.of();
    cursor.expect("AS");
    return new CreateView(cursor.text(), name, orReplace, ifNotExists, columns, query());
  }

  private SqlText query() {
    if (cursor.at("(") || startsQuery(cursor.word(0))) {
      return cursor.rest();
    }
    throw cursor.unexpected("a query");
  }

  private static boolean startsQuery(String word) {
    return switch (word) {
      case "SELECT",
          "WITH",
          "VALUES",
          "FROM",
          "TABLE",
          "PIVOT",
          "UNPIVOT",
          "PIVOT_WIDER",
          "PIVOT_LONGER",
          "DESCRIBE",
          "SUMMARIZE" ->
          true;
      default -> false;
    };
  }

  private Statement table(ObjectName name, boolean orReplace, boolean ifNotExists) {
    List<String> names = List.of();
    List<ColumnDefinition> columns = List.of();
    if (cursor.at("(")) {
      if (cursor.is(2, ",") || cursor.is(2, ")")) {
        names = cursor.nameList("a column");
      } else {
        columns = columns();
      }
    }
    if (cursor.at("LIKE")) {
      throw cursor.notSupported("CREATE TABLE … LIKE is not supported");
    }
    clauses();
    if (columns.isEmpty()) {
      cursor.expect("AS");
      return tableAs(name, orReplace, ifNotExists, names);
    }
    if (cursor.at("AS")) {
      throw cursor.unexpected("the statement's end: a table made from a query takes its types");
    }
    cursor.expectEnd();
    return new CreateTable(
        cursor.text(), name, orReplace, ifNotExists, columns, partitioning, properties, comment);
  }

  private Statement tableAs(
      ObjectName name, boolean orReplace, boolean ifNotExists, List<String> names) {
    int from = cursor.index();
    SqlText query = query();
    int to = cursor.index();
    boolean noData = endsWith("WITH", "NO", "DATA");
    boolean withData = !noData && endsWith("WITH", "DATA");
    if (noData || withData) {
      query = cursor.slice(from, to - (noData ? 3 : 2));
    }
    return new CreateTableAs(
        cursor.text(),
        name,
        orReplace,
        ifNotExists,
        names,
        partitioning,
        properties,
        comment,
        query,
        !noData);
  }

  private boolean endsWith(String... words) {
    for (int i = 0; i < words.length; i++) {
      if (!cursor.is(i - words.length, words[i])) {
        return false;
      }
    }
    return true;
  }

  private List<ColumnDefinition> columns() {
    cursor.expect("(");
    List<ColumnDefinition> columns = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    do {
      if (!cursor.is(1, ",") && !cursor.is(1, ")")) {
        columnGrammar.refuseConstraint();
      }
      int start = cursor.token(0).start();
      String name = cursor.name("a column");
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        throw cursor.error(
            ErrorCode.COLUMN_EXISTS, "the column '" + name + "' is named twice", start);
      }
      columns.add(columnGrammar.column(name));
    } while (cursor.accept(","));
    cursor.expect(")");
    return columns;
  }

  private void clauses() {
    while (true) {
      if (cursor.accept("PARTITIONED", "BY")) {
        partitioning = new PartitionGrammar(cursor).fields();
      } else if ((cursor.at("WITH", "(") || cursor.at("TBLPROPERTIES")) && cursor.next() != null) {
        properties = columnGrammar.properties();
      } else if (cursor.accept("COMMENT")) {
        comment = Optional.of(cursor.string("a comment in quotes"));
      } else if (cursor.at("SORTED") || cursor.at("LOCATION") || cursor.at("USING")) {
        throw cursor.notSupported(cursor.word(0) + " is not supported in CREATE TABLE");
      } else {
        return;
      }
    }
  }

  Statement drop() {
    cursor.expect("DROP");
    String kind = cursor.word(0);
    cursor.next();
    boolean ifExists = cursor.accept("IF", "EXISTS");
    ObjectName name = kind.equals("SCHEMA") ? schema() : cursor.objectName("a name");
    if (cursor.at(",")) {
      throw cursor.notSupported("dropping several at once is not supported; drop each by itself");
    }
    if (cursor.at("PURGE")) {
      throw cursor.notSupported(
          "PURGE is not supported: files are collected when nothing needs them");
    }
    boolean cascade = cursor.accept("CASCADE");
    if (cascade && !kind.equals("SCHEMA")) {
      cursor.moveTo(cursor.index() - 1);
      throw cursor.notSupported("DROP " + kind + " … CASCADE is not supported");
    }
    if (!cascade) {
      cursor.accept("RESTRICT");
    }
    cursor.expectEnd();
    return switch (kind) {
      case "SCHEMA" -> new DropSchema(cursor.text(), name, ifExists, cascade);
      case "VIEW" -> new DropView(cursor.text(), name, ifExists);
      default -> new DropTable(cursor.text(), name, ifExists);
    };
  }

  private ObjectName schema() {
    int start = cursor.token(0).start();
    ObjectName name = cursor.objectName("a schema");
    if (name.parts().size() > 2) {
      throw cursor.error(ErrorCode.SYNTAX_ERROR, "a schema's name has at most two parts", start);
    }
    return name;
  }

  DefinitionStatement comment() {
    cursor.expect("COMMENT", "ON");
    boolean column = cursor.accept("COLUMN");
    if (!column && !cursor.accept("TABLE") && !cursor.accept("VIEW")) {
      throw cursor.unexpected("TABLE, VIEW or COLUMN");
    }
    int start = cursor.token(0).start();
    List<String> path = cursor.path("a name");
    int tableParts = column ? path.size() - 1 : path.size();
    if (tableParts < 1 || tableParts > 3) {
      throw cursor.error(
          ErrorCode.SYNTAX_ERROR,
          column ? "write the column as table.column" : "a name has at most three parts",
          start);
    }
    cursor.expect("IS");
    Optional<String> text =
        cursor.accept("NULL")
            ? Optional.empty()
            : Optional.of(cursor.string("a comment in quotes, or NULL"));
    cursor.expectEnd();
    return new CommentOn(
        cursor.text(),
        new ObjectName(path.subList(0, tableParts)),
        List.copyOf(path.subList(tableParts, path.size())),
        text);
  }
}
