package dev.polder.door.flight.internal;

import dev.polder.engine.IngestRequest;
import dev.polder.engine.IngestRequest.IfAbsent;
import dev.polder.engine.IngestRequest.IfPresent;
import dev.polder.engine.Session;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.Optional;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions;

/** Reads what a bulk ingestion asks for. */
final class Ingestion {
  private Ingestion() {}

  static IngestRequest request(CommandStatementIngest command) {
    if (command.getTemporary()) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED, "ingestion into temporary tables is not supported");
    }
    if (command.getTable().isEmpty()) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER, "the ingestion names no table; name the target table");
    }
    TableDefinitionOptions options = command.getTableDefinitionOptions();
    return new IngestRequest(
        command.hasSchema() ? Optional.of(command.getSchema()) : Optional.empty(),
        command.getTable(),
        ifAbsent(options),
        ifPresent(options));
  }

  static void checkCatalog(CommandStatementIngest command, Session session) {
    if (command.hasCatalog()
        && !command.getCatalog().equalsIgnoreCase(session.database().value())) {
      throw new PolderException(
          ErrorCode.DATABASE_NOT_FOUND,
          "ingestion goes into the session's own database "
              + session.database()
              + ", not into '"
              + command.getCatalog()
              + "'; connect to that database");
    }
  }

  private static IfAbsent ifAbsent(TableDefinitionOptions options) {
    return switch (options.getIfNotExist()) {
      case TABLE_NOT_EXIST_OPTION_CREATE -> IfAbsent.CREATE;
      case TABLE_NOT_EXIST_OPTION_FAIL -> IfAbsent.FAIL;
      case TABLE_NOT_EXIST_OPTION_UNSPECIFIED, UNRECOGNIZED -> throw unspecified("if_not_exist");
    };
  }

  private static IfPresent ifPresent(TableDefinitionOptions options) {
    return switch (options.getIfExists()) {
      case TABLE_EXISTS_OPTION_FAIL -> IfPresent.FAIL;
      case TABLE_EXISTS_OPTION_APPEND -> IfPresent.APPEND;
      case TABLE_EXISTS_OPTION_REPLACE -> IfPresent.REPLACE;
      case TABLE_EXISTS_OPTION_UNSPECIFIED, UNRECOGNIZED -> throw unspecified("if_exists");
    };
  }

  private static PolderException unspecified(String option) {
    return new PolderException(
        ErrorCode.INVALID_PARAMETER,
        "the ingestion does not say what to do: set " + option + " in its table options");
  }
}
