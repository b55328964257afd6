package dev.polder.sql.parse.internal;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.parse.Token.Kind;
import dev.polder.sql.statement.AdminStatement;
import dev.polder.sql.statement.Begin;
import dev.polder.sql.statement.Begin.Isolation;
import dev.polder.sql.statement.Commit;
import dev.polder.sql.statement.Deallocate;
import dev.polder.sql.statement.Execute;
import dev.polder.sql.statement.ObjectKind;
import dev.polder.sql.statement.ObjectName;
import dev.polder.sql.statement.Prepare;
import dev.polder.sql.statement.ResetSetting;
import dev.polder.sql.statement.Rollback;
import dev.polder.sql.statement.SessionStatement;
import dev.polder.sql.statement.SetSetting;
import dev.polder.sql.statement.SetSetting.Scope;
import dev.polder.sql.statement.ShowColumns;
import dev.polder.sql.statement.ShowCreate;
import dev.polder.sql.statement.ShowDatabases;
import dev.polder.sql.statement.ShowSchemas;
import dev.polder.sql.statement.ShowSetting;
import dev.polder.sql.statement.ShowTables;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.Statement;
import dev.polder.sql.statement.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** USE, SET, SHOW, transactions and prepared statements. One use per instance. */
final class SessionGrammar {
  private final Cursor cursor;

  SessionGrammar(Cursor cursor) {
    this.cursor = cursor;
  }

  Statement statement() {
    String verb = cursor.word(0);
    cursor.next();
    Statement statement =
        switch (verb) {
          case "USE" -> use();
          case "SET" -> set();
          case "RESET" -> reset();
          case "BEGIN" -> begin();
          case "START" -> {
            if (!cursor.at("TRANSACTION")) {
              throw cursor.unexpected("TRANSACTION");
            }
            yield begin();
          }
          case "COMMIT", "END" -> {
            transactionWord();
            yield new Commit(cursor.text());
          }
          case "ROLLBACK", "ABORT" -> {
            transactionWord();
            if (cursor.at("TO")) {
              throw cursor.notSupported("savepoints are not supported");
            }
            yield new Rollback(cursor.text());
          }
          case "EXECUTE" -> execute();
          default -> deallocate();
        };
    cursor.expectEnd();
    return statement;
  }

  private void transactionWord() {
    if (!cursor.accept("TRANSACTION")) {
      cursor.accept("WORK");
    }
  }

  private Use use() {
    boolean database =
        cursor.at("DATABASE") && !cursor.is(1, ".") && cursor.token(1).kind() != Kind.END;
    if (database) {
      cursor.next();
    }
    int start = cursor.token(0).start();
    ObjectName name = cursor.objectName("a database or schema");
    if (name.parts().size() > 2) {
      throw cursor.error(ErrorCode.SYNTAX_ERROR, "USE takes a database and a schema", start);
    }
    return new Use(cursor.text(), database, name);
  }

  private SetSetting set() {
    Scope scope = Scope.SESSION;
    if (cursor.at("VARIABLE")) {
      throw cursor.notSupported("SET VARIABLE is not supported");
    }
    if (cursor.atName() && !cursor.is(1, "=") && !cursor.is(1, "TO")) {
      if (cursor.accept("LOCAL")) {
        scope = Scope.LOCAL;
      } else if (cursor.accept("GLOBAL")) {
        scope = Scope.GLOBAL;
      } else {
        cursor.accept("SESSION");
      }
    }
    String name;
    if (cursor.accept("TIME", "ZONE")) {
      name = "timezone";
    } else {
      name = settingName();
      if (!cursor.accept("=")) {
        cursor.expect("TO");
      }
    }
    return new SetSetting(cursor.text(), scope, name, value());
  }

  private String settingName() {
    return String.join(".", cursor.path("a setting")).toLowerCase(Locale.ROOT);
  }

  private Optional<String> value() {
    if (cursor.accept("DEFAULT")) {
      return Optional.empty();
    }
    if (cursor.token(0).isString()) {
      return Optional.of(cursor.string("a value"));
    }
    if (cursor.atName()) {
      return Optional.of(String.join(".", cursor.path("a value")));
    }
    int from = cursor.index();
    if (!cursor.accept("-")) {
      cursor.accept("+");
    }
    if (cursor.token(0).kind() != Kind.NUMBER) {
      throw cursor.unexpected("a value: a string, a number or a word");
    }
    cursor.next();
    return Optional.of(cursor.sliceFrom(from).toString());
  }

  private ResetSetting reset() {
    if (cursor.accept("ALL")) {
      return new ResetSetting(cursor.text(), Optional.empty());
    }
    if (!cursor.is(1, ".")) {
      boolean scoped =
          !cursor.is(1, "=")
              && cursor.token(1).kind() != Kind.END
              && (cursor.at("SESSION") || cursor.at("LOCAL") || cursor.at("GLOBAL"));
      if (scoped) {
        cursor.next();
      }
    }
    return new ResetSetting(cursor.text(), Optional.of(settingName()));
  }

  private Begin begin() {
    transactionWord();
    boolean readOnly = false;
    Optional<Isolation> isolation = Optional.empty();
    boolean first = true;
    while (!cursor.atEnd()) {
      if (!first) {
        cursor.accept(",");
      }
      first = false;
      if (cursor.accept("READ", "ONLY")) {
        readOnly = true;
      } else if (cursor.accept("READ", "WRITE")) {
        readOnly = false;
      } else if (cursor.accept("ISOLATION", "LEVEL")) {
        isolation = Optional.of(isolation());
      } else {
        throw cursor.unexpected("READ ONLY, READ WRITE or ISOLATION LEVEL");
      }
    }
    return new Begin(cursor.text(), readOnly, isolation);
  }

  private Isolation isolation() {
    if (cursor.accept("SERIALIZABLE")) {
      return Isolation.SERIALIZABLE;
    }
    if (cursor.accept("SNAPSHOT")
        || cursor.accept("REPEATABLE", "READ")
        || cursor.accept("READ", "COMMITTED")
        || cursor.accept("READ", "UNCOMMITTED")) {
      return Isolation.SNAPSHOT;
    }
    throw cursor.unexpected("SNAPSHOT, SERIALIZABLE, REPEATABLE READ or READ COMMITTED");
  }

  Prepare prepare() {
    cursor.expect("PREPARE");
    String name = cursor.name("a name");
    if (cursor.at("(")) {
      throw cursor.notSupported("parameter types in PREPARE are not supported; leave them out");
    }
    cursor.expect("AS");
    int start = cursor.token(0).start();
    // Looked at before the statement inside is read: a text full of PREPAREs would be read for
    // ever.
    if (cursor.at("PREPARE")) {
      throw cannotBePrepared(start);
    }
    Statement inner = new StatementGrammar(cursor.sub()).statement();
    if (inner instanceof SessionStatement || inner instanceof AdminStatement) {
      throw cannotBePrepared(start);
    }
    return new Prepare(cursor.text(), name, inner);
  }

  private PolderException cannotBePrepared(int start) {
    return cursor.error(
        ErrorCode.NOT_SUPPORTED, "session and administrative statements cannot be prepared", start);
  }

  private Execute execute() {
    String name = cursor.name("a name");
    List<Execute.Argument> arguments = new ArrayList<>();
    if (cursor.accept("(")) {
      if (!cursor.at(")")) {
        do {
          String argument = "";
          if (cursor.atName() && (cursor.is(1, ":=") || cursor.is(1, "=>"))) {
            argument = cursor.name("a parameter");
            cursor.next();
          }
          SqlText value = cursor.until("a value", Set.of(","));
          arguments.add(new Execute.Argument(argument, value));
        } while (cursor.accept(","));
      }
      cursor.expect(")");
    }
    return new Execute(cursor.text(), name, List.copyOf(arguments));
  }

  private Deallocate deallocate() {
    if (cursor.at("PREPARE") && cursor.token(1).kind() != Kind.END) {
      cursor.next();
    }
    if (cursor.accept("ALL")) {
      return new Deallocate(cursor.text(), Optional.empty());
    }
    return new Deallocate(cursor.text(), Optional.of(cursor.name("a name")));
  }

  Statement show() {
    cursor.expect("SHOW");
    Statement statement = showList();
    cursor.expectEnd();
    return statement;
  }

  private Statement showList() {
    SqlText text = cursor.text();
    if (cursor.accept("ALL", "TABLES")) {
      return new ShowTables(text, true, Optional.empty(), Optional.empty());
    }
    if (cursor.accept("ALL")) {
      return new ShowSetting(text, Optional.empty());
    }
    if (cursor.accept("TABLES")) {
      Optional<ObjectName> from =
          from() ? Optional.of(cursor.objectName("a schema")) : Optional.empty();
      Optional<String> like =
          cursor.accept("LIKE") ? Optional.of(cursor.string("a pattern")) : Optional.empty();
      return new ShowTables(text, false, from, like);
    }
    if (cursor.accept("SCHEMAS")) {
      return new ShowSchemas(
          text, from() ? Optional.of(cursor.name("a database")) : Optional.empty());
    }
    if (cursor.accept("DATABASES")) {
      return new ShowDatabases(text, false);
    }
    if (cursor.accept("DROPPED", "DATABASES")) {
      return new ShowDatabases(text, true);
    }
    if (cursor.accept("COLUMNS")) {
      if (!from()) {
        throw cursor.unexpected("FROM");
      }
      return new ShowColumns(text, cursor.objectName("a table"));
    }
    if (cursor.accept("CREATE")) {
      ObjectKind kind = cursor.accept("VIEW") ? ObjectKind.VIEW : ObjectKind.TABLE;
      if (kind == ObjectKind.TABLE) {
        cursor.expect("TABLE");
      }
      return new ShowCreate(text, kind, cursor.objectName("a name"));
    }
    if (cursor.accept("TIME", "ZONE")) {
      return new ShowSetting(text, Optional.of("timezone"));
    }
    if (cursor.accept("TRANSACTION", "ISOLATION", "LEVEL")) {
      return new ShowSetting(text, Optional.of("transaction_isolation"));
    }
    return new ShowSetting(text, Optional.of(settingName()));
  }

  private boolean from() {
    return cursor.accept("FROM") || cursor.accept("IN");
  }
}
