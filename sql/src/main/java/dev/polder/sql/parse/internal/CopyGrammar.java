package dev.polder.sql.parse.internal;

import dev.polder.model.ErrorCode;
import dev.polder.sql.statement.CopyFrom;
import dev.polder.sql.statement.CopyOption;
import dev.polder.sql.statement.CopySource;
import dev.polder.sql.statement.CopyTo;
import dev.polder.sql.statement.DataStatement;
import dev.polder.sql.statement.ObjectName;
import dev.polder.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** COPY. One use per instance. */
final class CopyGrammar {
  private final Cursor cursor;

  CopyGrammar(Cursor cursor) {
    this.cursor = cursor;
  }

  DataStatement copy() {
    cursor.expect("COPY");
    if (cursor.at("(")) {
      int from = cursor.index();
      cursor.skipBrackets();
      SqlText query = cursor.slice(from + 1, cursor.index() - 1);
      cursor.expect("TO");
      return new CopyTo(cursor.text(), new CopySource.Rows(query), file(), options());
    }
    if (cursor.at("FROM", "DATABASE")) {
      throw cursor.notSupported("COPY FROM DATABASE is not supported");
    }
    ObjectName table = cursor.objectName("a table");
    List<String> columns = cursor.at("(") ? cursor.nameList("a column") : List.of();
    if (cursor.accept("FROM")) {
      return new CopyFrom(cursor.text(), table, columns, file(), options());
    }
    cursor.expect("TO");
    return new CopyTo(cursor.text(), new CopySource.Table(table, columns), file(), options());
  }

  private String file() {
    if (cursor.at("STDIN") || cursor.at("STDOUT")) {
      throw cursor.notSupported("COPY with STDIN or STDOUT is not supported; name a file");
    }
    int start = cursor.token(0).start();
    String file = cursor.string("a file name in quotes");
    if (file.contains("://")) {
      throw cursor.error(
          ErrorCode.NOT_SUPPORTED,
          "COPY to or from a URL is not supported; name a file of the staging area",
          start);
    }
    return file;
  }

  private List<CopyOption> options() {
    cursor.accept("WITH");
    List<CopyOption> options = new ArrayList<>();
    if (cursor.accept("(")) {
      if (!cursor.at(")")) {
        do {
          String name = cursor.name("an option").toLowerCase(Locale.ROOT);
          cursor.accept("=");
          boolean bare = cursor.at(",") || cursor.at(")");
          options.add(
              new CopyOption(
                  name,
                  bare ? Optional.empty() : Optional.of(cursor.until("a value", Set.of(",")))));
        } while (cursor.accept(","));
      }
      cursor.expect(")");
    }
    cursor.expectEnd();
    return options;
  }
}
