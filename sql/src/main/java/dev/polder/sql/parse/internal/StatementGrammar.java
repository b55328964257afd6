package dev.polder.sql.parse.internal;

import dev.polder.model.ErrorCode;
import dev.polder.sql.statement.Consistency;
import dev.polder.sql.statement.DataStatement;
import dev.polder.sql.statement.Explain;
import dev.polder.sql.statement.Query;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.Statement;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Chooses the grammar by a statement's first words. One use per instance. */
public final class StatementGrammar {
  private static final Set<String> UNSUPPORTED =
      Set.of(
          "ATTACH",
          "DETACH",
          "INSTALL",
          "LOAD",
          "PRAGMA",
          "CALL",
          "EXPORT",
          "IMPORT",
          "VACUUM",
          "CHECKPOINT",
          "FORCE",
          "ANALYZE",
          "LOCK",
          "LISTEN",
          "UNLISTEN",
          "NOTIFY",
          "DECLARE",
          "FETCH",
          "CLOSE",
          "SAVEPOINT",
          "RELEASE",
          "REINDEX",
          "CLUSTER",
          "REFRESH",
          "DO",
          "REPLACE",
          "UPSERT",
          "DISCARD");
  private static final Set<String> ADMIN_OBJECTS =
      Set.of(
          "TENANT",
          "DATABASE",
          "CLUSTER",
          "IDENTITY",
          "USER",
          "ROLE",
          "GROUP",
          "TOKEN",
          "API",
          "ROW",
          "COLUMN");
  private static final Set<String> ADMIN_LISTS =
      Set.of(
          "DATABASE",
          "CLUSTERS",
          "IDENTITY",
          "MIRRORS",
          "TENANT",
          "TENANTS",
          "USERS",
          "ROLES",
          "GROUPS",
          "GRANTS",
          "POLICIES",
          "TOKENS",
          "SESSIONS",
          "JOBS",
          "SOURCES",
          "COLLECTED",
          "AUDIT",
          "BACKUPS");

  private final Cursor cursor;

  public StatementGrammar(Cursor cursor) {
    this.cursor = cursor;
  }

  /** Whether the text may carry a password or a token. */
  public static boolean maySpellSecret(String sql) {
    String upper = sql.toUpperCase(Locale.ROOT);
    return upper.contains("PASSWORD") || (upper.contains("CLUSTER") && upper.contains("TOKEN"));
  }

  public Statement statement() {
    String first = cursor.word(0);
    return switch (first) {
      case "SELECT",
          "VALUES",
          "FROM",
          "TABLE",
          "DESCRIBE",
          "DESC",
          "SUMMARIZE",
          "PIVOT",
          "PIVOT_WIDER",
          "UNPIVOT",
          "PIVOT_LONGER" ->
          query();
      case "WITH" -> with();
      case "INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "COPY" ->
          new DataGrammar(cursor, Optional.empty()).statement();
      case "EXPLAIN" -> explain();
      case "CREATE" -> create();
      case "ALTER" -> alter();
      case "DROP" -> drop();
      case "COMMENT" -> new DefinitionGrammar(cursor).comment();
      case "SHOW" ->
          ADMIN_LISTS.contains(cursor.word(1)) ? admin() : new SessionGrammar(cursor).show();
      case "GRANT",
          "REVOKE",
          "KILL",
          "ADD",
          "REMOVE",
          "CLONE",
          "UNDROP",
          "MOVE",
          "MIRROR",
          "BACKUP",
          "RESTORE",
          "AUDIT",
          "COLLECT" ->
          admin();
      case "RESET" ->
          "DATABASE".equals(cursor.word(1)) ? admin() : new SessionGrammar(cursor).statement();
      case "USE",
          "SET",
          "BEGIN",
          "START",
          "COMMIT",
          "END",
          "ROLLBACK",
          "ABORT",
          "EXECUTE",
          "DEALLOCATE" ->
          new SessionGrammar(cursor).statement();
      case "PREPARE" -> new SessionGrammar(cursor).prepare();
      default -> {
        if (cursor.at("(")) {
          yield query();
        }
        if (UNSUPPORTED.contains(first)) {
          throw unsupported(first);
        }
        throw cursor.unexpected("a statement");
      }
    };
  }

  private RuntimeException unsupported(String what) {
    return cursor.error(
        ErrorCode.NOT_SUPPORTED, what + " is not supported", cursor.token(0).start());
  }

  private Query query() {
    return new Query(cursor.rest(), Consistency.BOUNDED_STALENESS);
  }

  private Statement with() {
    int from = cursor.index();
    cursor.expect("WITH");
    cursor.accept("RECURSIVE");
    do {
      cursor.name("the name of a common table expression");
      if (cursor.at("(")) {
        cursor.skipBrackets();
      }
      if (cursor.accept("USING", "KEY")) {
        brackets();
      }
      cursor.expect("AS");
      if (cursor.accept("NOT")) {
        cursor.expect("MATERIALIZED");
      } else {
        cursor.accept("MATERIALIZED");
      }
      brackets();
    } while (cursor.accept(",") && !cursor.atEnd());
    return switch (cursor.word(0)) {
      case "INSERT", "UPDATE", "DELETE", "MERGE" -> {
        SqlText with = cursor.sliceFrom(from);
        yield new DataGrammar(cursor, Optional.of(with)).statement();
      }
      case "COPY", "CREATE", "TRUNCATE", "EXPLAIN" ->
          throw cursor.unexpected("SELECT, INSERT, UPDATE, DELETE or MERGE");
      default -> {
        cursor.moveTo(from);
        yield query();
      }
    };
  }

  private void brackets() {
    if (!cursor.at("(")) {
      throw cursor.unexpected("\"(\"");
    }
    cursor.skipBrackets();
  }

  private Statement explain() {
    cursor.expect("EXPLAIN");
    boolean analyze = cursor.accept("ANALYZE");
    Optional<String> format = Optional.empty();
    if (cursor.at("(") && !startsQuery(1)) {
      cursor.next();
      do {
        if (cursor.accept("ANALYZE")) {
          analyze = true;
        } else {
          cursor.expect("FORMAT");
          format =
              Optional.of(
                  (cursor.token(0).isString() ? cursor.string("a format") : cursor.name("a format"))
                      .toLowerCase(Locale.ROOT));
        }
      } while (cursor.accept(","));
      cursor.expect(")");
    }
    if (cursor.at("EXPLAIN") || cursor.at("PREPARE")) {
      throw cursor.unexpected("a statement to explain");
    }
    int start = cursor.token(0).start();
    Statement inner = new StatementGrammar(cursor.sub()).statement();
    if (!(inner instanceof Query) && !(inner instanceof DataStatement)) {
      throw cursor.error(
          ErrorCode.NOT_SUPPORTED, "only queries and data statements can be explained", start);
    }
    return new Explain(cursor.text(), analyze, format, inner);
  }

  private boolean startsQuery(int ahead) {
    return switch (cursor.word(ahead)) {
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
          "SUMMARIZE",
          "SHOW" ->
          true;
      default -> cursor.is(ahead, "(");
    };
  }

  private Statement create() {
    int object = cursor.is(1, "OR") ? 3 : 1;
    String kind = cursor.word(object);
    return switch (kind) {
      case "TABLE", "VIEW", "SCHEMA" -> new DefinitionGrammar(cursor).create();
      case "TEMP", "TEMPORARY", "LOCAL", "GLOBAL" ->
          throw unsupported("CREATE TEMPORARY " + cursor.word(object + 1));
      default -> {
        if (ADMIN_OBJECTS.contains(kind)) {
          yield admin();
        }
        if (kind.isEmpty()) {
          cursor.next();
          throw cursor.unexpected("what to create");
        }
        throw unsupported("CREATE " + kind);
      }
    };
  }

  private Statement alter() {
    String kind = cursor.word(1);
    return switch (kind) {
      case "TABLE", "VIEW" -> new AlterGrammar(cursor).alter();
      case "USER", "DATABASE", "TENANT", "CLUSTER" -> admin();
      default -> {
        if (kind.isEmpty()) {
          cursor.next();
          throw cursor.unexpected("what to alter");
        }
        throw unsupported("ALTER " + kind);
      }
    };
  }

  private Statement drop() {
    String kind = cursor.word(1);
    return switch (kind) {
      case "TABLE", "VIEW", "SCHEMA" -> new DefinitionGrammar(cursor).drop();
      default -> {
        if (ADMIN_OBJECTS.contains(kind)) {
          yield admin();
        }
        if (kind.isEmpty()) {
          cursor.next();
          throw cursor.unexpected("what to drop");
        }
        throw unsupported("DROP " + kind);
      }
    };
  }

  private Statement admin() {
    return AdminGrammar.parse(cursor);
  }
}
