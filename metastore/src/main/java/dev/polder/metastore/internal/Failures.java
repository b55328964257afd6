package dev.polder.metastore.internal;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What the databases' failures mean to us. */
final class Failures {
  private Failures() {}

  static PolderException of(SQLException e) {
    if (e instanceof SQLiteException sqlite) {
      return ofSqlite(sqlite);
    }
    String state = sqlState(e);
    if (isConnectionLost(e)) {
      return new PolderException(
          ErrorCode.METASTORE_UNAVAILABLE,
          "the metastore's database cannot be reached; try again when it runs",
          e);
    }
    return switch (state) {
      case "55P03", "57014", "25P03" ->
          new PolderException(
              ErrorCode.METASTORE_UNAVAILABLE, "the metastore is busy; try again", e);
      case "53100" -> diskFull(e);
      case "40001", "40P01" ->
          new PolderException(
              ErrorCode.TRANSACTION_CONFLICT, "another change came first; try again", e);
      case "22021" ->
          new PolderException(ErrorCode.INVALID_TEXT, "a text holds a NUL character", e);
      default -> internal(e);
    };
  }

  private static PolderException ofSqlite(SQLiteException e) {
    SQLiteErrorCode code = e.getResultCode();
    return switch (code.code & 0xFF) {
      case 13 -> diskFull(e);
      case 5, 6 ->
          new PolderException(
              ErrorCode.METASTORE_UNAVAILABLE, "the metastore's file is locked; try again", e);
      case 8 -> new PolderException(ErrorCode.READ_ONLY, "a read cannot change the metastore", e);
      case 10, 11, 14, 26 ->
          new PolderException(
              ErrorCode.STORAGE_ERROR, "the metastore's file cannot be used (" + code + ")", e);
      default -> internal(e);
    };
  }

  private static PolderException diskFull(SQLException e) {
    return new PolderException(
        ErrorCode.DISK_FULL, "the metastore's disk is full; nothing was changed", e);
  }

  private static PolderException internal(SQLException e) {
    return new PolderException(ErrorCode.INTERNAL_ERROR, "the metastore failed unexpectedly", e);
  }

  /** Whether running the work again in a new transaction may succeed. */
  static boolean isRetriable(Throwable e) {
    String state = sqlState(e);
    return state.equals("40001") || state.equals("40P01");
  }

  static boolean isConnectionLost(Throwable e) {
    String state = sqlState(e);
    return state.startsWith("08") || state.startsWith("57P0");
  }

  private static String sqlState(Throwable e) {
    Throwable cause = e instanceof PolderException ? e.getCause() : e;
    return cause instanceof SQLException sql && sql.getSQLState() != null ? sql.getSQLState() : "";
  }

  /** Throws it as it is: a unit of work throws nothing checked. */
  static RuntimeException rethrow(Throwable e) {
    switch (e) {
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      default -> throw new IllegalStateException("a unit of work threw a checked exception", e);
    }
  }
}
