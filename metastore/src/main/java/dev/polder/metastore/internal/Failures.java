package dev.polder.metastore.internal;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What the databases' failures mean to us. */
final class Failures {
  private Failures() {}

  static PolderException of(SQLException e) {
    if (e instanceof SQLiteException sqlite) {
      return ofSqlite(sqlite);
    }
    String state = e.getSQLState() == null ? "" : e.getSQLState();
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
  static boolean isRetriable(@Nullable Throwable e) {
    return sqlState(e) instanceof String state && (state.equals("40001") || state.equals("40P01"));
  }

  static boolean isConnectionLost(@Nullable Throwable e) {
    return sqlState(e) instanceof String state
        && (state.startsWith("08")
            || state.equals("57P01")
            || state.equals("57P02")
            || state.equals("57P03"));
  }

  private static @Nullable String sqlState(@Nullable Throwable e) {
    Throwable cause = e instanceof PolderException ? e.getCause() : e;
    return cause instanceof SQLException sql ? sql.getSQLState() : null;
  }
}
