package dev.polder.federation.postgres;

import dev.polder.federation.SourceChangedException;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in the words of sources what PostgreSQL or its driver reported. Immutable. */
final class PostgresErrors {
  private final PostgresSettings settings;

  PostgresErrors(PostgresSettings settings) {
    this.settings = settings;
  }

  /** Why there is no connection. */
  PolderException connecting(SQLException e) {
    return unavailable(why(e), e);
  }

  private String why(SQLException e) {
    String place = settings.host() + ":" + settings.port();
    String state = state(e);
    String message = first(e);
    Throwable cause = root(e);
    if (cause instanceof UnknownHostException) {
      return "the host name " + settings.host() + " is not known; check property host";
    }
    if (cause instanceof SocketTimeoutException) {
      return place + " did not answer in " + settings.connectTimeout() + " s";
    }
    if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
      return place + " refused the connection; check properties host and port";
    }
    if (message.contains("does not support SSL")) {
      return place + " knows no TLS, which property sslmode asks for";
    }
    if (cause instanceof SSLException || message.toLowerCase(Locale.ROOT).contains("ssl error")) {
      return "no TLS with " + place + ": " + text(cause);
    }
    return switch (state) {
      case "28P01" -> "wrong password for user '" + settings.user() + "'";
      case "28000" ->
          message.contains("no encryption") || message.contains("SSL off")
              ? place + " requires TLS; set property sslmode to require or stricter"
              : message;
      case "3D000" -> "database '" + settings.database() + "' does not exist there";
      case "53300" -> place + " has too many connections: " + message;
      default -> message;
    };
  }

  /** What went wrong with a statement. */
  PolderException of(SQLException e) {
    String message = first(e);
    String state = state(e);
    return switch (state) {
      case "57014" ->
          new PolderException(
              ErrorCode.STATEMENT_CANCELLED,
              "source '" + alias() + "' ended the query: " + message,
              e);
      case "40001", "40P01" ->
          new PolderException(
              ErrorCode.TRANSACTION_CONFLICT, "source '" + alias() + "': " + message, e);
      case "25006" ->
          new PolderException(
              ErrorCode.READ_ONLY, "source '" + alias() + "' is read-only: " + message, e);
      case "23502" ->
          new PolderException(
              ErrorCode.NOT_NULL_VIOLATION, "source '" + alias() + "': " + message, e);
      // No such table, column, function of such types, or cast.
      case "42P01", "42703", "42883", "42804", "42846", "3F000" ->
          new SourceChangedException(failed(message, state), e);
      case "57P01", "57P02", "57P03" -> unavailable(message, e);
      default ->
          state.startsWith("08") || state.isEmpty()
              ? unavailable("the connection broke: " + message, e)
              : new PolderException(ErrorCode.SOURCE_FAILED, failed(message, state), e);
    };
  }

  /** A value that cannot be handed over. */
  PolderException value(String column, @Nullable String problem, Throwable cause) {
    return new PolderException(
        ErrorCode.SOURCE_FAILED,
        "column " + column + " of source '" + alias() + "' holds " + problem,
        cause);
  }

  PolderException failed(String message, @Nullable Throwable cause) {
    return new PolderException(
        ErrorCode.SOURCE_FAILED, "source '" + alias() + "': " + message, cause);
  }

  PolderException unavailable(String message, @Nullable Throwable cause) {
    return new PolderException(
        ErrorCode.SOURCE_UNAVAILABLE, "cannot reach source '" + alias() + "': " + message, cause);
  }

  PolderException readOnly() {
    return new PolderException(
        ErrorCode.READ_ONLY, "source '" + alias() + "' is read-only; alter it to write to it");
  }

  /** Whether the connection itself is at fault, so that another one may do. */
  static boolean broken(SQLException e) {
    String state = state(e);
    return state.isEmpty() || state.startsWith("08") || state.startsWith("57P");
  }

  private String failed(String message, String state) {
    return "source '" + alias() + "' failed: " + message + " (" + state + ")";
  }

  private String alias() {
    return settings.alias();
  }

  private static String state(SQLException e) {
    return Optional.ofNullable(e.getSQLState()).orElse("");
  }

  /** The server's first line, without the severity before it. */
  private static String first(SQLException e) {
    return text(e).lines().findFirst().orElse("").replaceFirst("^(ERROR|FATAL): ", "");
  }

  private static String text(Throwable e) {
    return Optional.ofNullable(e.getMessage()).orElseGet(() -> e.getClass().getSimpleName());
  }

  private static Throwable root(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
