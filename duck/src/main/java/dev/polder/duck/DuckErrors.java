package dev.polder.duck;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns DuckDB's failures into the product's: a code, a message without paths and without names of
 * private catalogs, and a position in the statement's text. Each class of message has its own rule
 * of what may be shown. Stateless.
 */
public final class DuckErrors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PREFIX = Pattern.compile("^([A-Za-z ]{2,40}?) Error: ");
  private static final Pattern PRIVATE_CATALOG = Pattern.compile("\"?p_[0-9a-f]{32}\"?\\.?");
  private static final Pattern PATH =
      Pattern.compile("(?:[a-z0-9]+:/)?(?:/[^\\s/'\",;()\\]]+){2,}/?");
  private static final int MAX_MESSAGE = 2_000;

  private static final Pattern FIELD =
      Pattern.compile(
          "\"(exception_type|exception_message|error_subtype|position|type)\":"
              + "\"((?:[^\"\\\\]|\\\\.)*+)",
          Pattern.DOTALL);

  private DuckErrors() {}

  /** As {@link #translate(Throwable, String)}, without a position. */
  public static PolderException translate(Throwable failure) {
    return translate(failure, null);
  }

  /**
   * The product's failure for one of DuckDB's.
   *
   * @param sql the statement's text, to turn DuckDB's byte position into one of the text
   */
  public static PolderException translate(Throwable failure, @Nullable String sql) {
    if (failure instanceof PolderException known) {
      return known;
    }
    String raw = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    Optional<PolderException> callback = CallbackErrors.find(raw, failure);
    if (callback.isPresent()) {
      return callback.get();
    }
    JsonNode json = json(raw);
    String type;
    String message;
    String subtype = "";
    String object = "";
    int position = -1;
    if (json != null) {
      type = json.path("exception_type").asText("");
      message = json.path("exception_message").asText("");
      subtype = json.path("error_subtype").asText("");
      object = json.path("type").asText("");
      if (sql != null && json.hasNonNull("position")) {
        position = ByteOffsets.of(sql).toChar(json.get("position").asLong(-1));
      }
    } else {
      Matcher prefix = PREFIX.matcher(raw);
      boolean found = prefix.find();
      type = found ? prefix.group(1) : "";
      message = found ? raw.substring(prefix.end()) : raw;
    }
    ErrorCode code = code(type.toLowerCase(Locale.ROOT), subtype, object, message);
    return new PolderException(code, shown(code, message), position, failure);
  }

  /** What DuckDB said, as it is: it may hold anything that the statement held. */
  static String message(Throwable failure) {
    String raw = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    JsonNode json = json(raw);
    return json == null ? raw : json.path("exception_message").asText(raw);
  }

  private static @Nullable JsonNode json(String raw) {
    int start = raw.indexOf("{\"exception_type\"");
    if (start < 0) {
      return null;
    }
    // An error that came through Arrow's stream is wrapped in the text of another exception.
    int end = raw.lastIndexOf('}');
    while (end > start) {
      try {
        return JSON.readTree(raw.substring(start, end + 1));
      } catch (JsonProcessingException e) {
        end = raw.lastIndexOf('}', end - 1);
      }
    }
    return fields(raw.substring(start));
  }

  /** The parts of an error that is no JSON, as it quotes a name cut within a character. */
  private static @Nullable JsonNode fields(String raw) {
    Matcher matcher = FIELD.matcher(raw);
    ObjectNode fields = JSON.createObjectNode();
    while (matcher.find()) {
      fields.put(matcher.group(1), matcher.group(2).replace("\\n", "\n").replace("\\\"", "\""));
    }
    return fields.has("exception_type") ? fields : null;
  }

  private static ErrorCode code(String type, String subtype, String object, String message) {
    if (message.contains("Max expression depth") || message.contains("expression depth limit")) {
      return ErrorCode.STATEMENT_TOO_COMPLEX;
    }
    return switch (type) {
      case "parser", "syntax" -> ErrorCode.SYNTAX_ERROR;
      case "binder" -> binder(subtype, message);
      case "catalog" -> catalog(subtype, object, message);
      case "conversion" -> ErrorCode.CONVERSION_ERROR;
      case "out of range" -> ErrorCode.OUT_OF_RANGE;
      case "divide by zero" -> ErrorCode.DIVISION_BY_ZERO;
      case "mismatch type", "invalid type" -> ErrorCode.TYPE_MISMATCH;
      case "constraint" ->
          message.contains("NOT NULL") ? ErrorCode.NOT_NULL_VIOLATION : ErrorCode.DATA_EXCEPTION;
      case "not implemented", "missing extension", "autoload", "dependency" ->
          ErrorCode.NOT_SUPPORTED;
      case "parameter not resolved", "parameter not allowed" -> ErrorCode.INVALID_PARAMETER;
      case "out of memory" ->
          message.contains("max_temp_directory_size") || message.contains("temp directory")
              ? ErrorCode.DISK_FULL
              : ErrorCode.OUT_OF_MEMORY;
      case "io", "http" -> storage(message);
      case "permission" -> ErrorCode.ACCESS_DENIED;
      case "interrupt" -> ErrorCode.STATEMENT_CANCELLED;
      case "fatal", "internal" -> ErrorCode.INSTANCE_FAILED;
      case "transactioncontext", "transaction context" -> ErrorCode.TRANSACTION_ABORTED;
      case "transaction" -> ErrorCode.TRANSACTION_CONFLICT;
      case "invalid input" -> invalidInput(message);
      case "sequence", "decimal", "executor" -> ErrorCode.DATA_EXCEPTION;
      default -> other(message);
    };
  }

  private static ErrorCode binder(String subtype, String message) {
    if (subtype.equals("COLUMN_NOT_FOUND")
        || message.startsWith("Referenced column")
        || message.contains("does not have a column named")) {
      return ErrorCode.COLUMN_NOT_FOUND;
    }
    if (message.startsWith("Referenced table")) {
      return ErrorCode.COLLECTION_NOT_FOUND;
    }
    if (message.startsWith("No function matches")) {
      return ErrorCode.FUNCTION_NOT_FOUND;
    }
    return ErrorCode.BINDING_ERROR;
  }

  private static ErrorCode catalog(String subtype, String object, String message) {
    if (subtype.equals("ENTRY_ALREADY_EXISTS") || message.contains("already exists")) {
      return ErrorCode.COLLECTION_EXISTS;
    }
    if (object.contains("Function") || message.contains("Function with name")) {
      return ErrorCode.FUNCTION_NOT_FOUND;
    }
    if (object.equals("Schema") || message.startsWith("Schema with name")) {
      return ErrorCode.SCHEMA_NOT_FOUND;
    }
    return object.equals("Table") || object.equals("View") || message.startsWith("Table with name")
        ? ErrorCode.COLLECTION_NOT_FOUND
        : ErrorCode.BINDING_ERROR;
  }

  private static ErrorCode storage(String message) {
    if (message.contains("No space left") || message.contains("disk full")) {
      return ErrorCode.DISK_FULL;
    }
    return message.contains("No files found") || message.contains("No such file")
        ? ErrorCode.DATA_FILE_MISSING
        : ErrorCode.STORAGE_ERROR;
  }

  private static ErrorCode invalidInput(String message) {
    if (message.contains("configuration has been locked")) {
      return ErrorCode.ACCESS_DENIED;
    }
    if (message.contains("More than one row returned by a subquery")) {
      return ErrorCode.CARDINALITY_VIOLATION;
    }
    if (message.contains("Values were not provided for") || message.contains("parameter")) {
      return ErrorCode.INVALID_PARAMETER;
    }
    if (message.contains("database has been invalidated")) {
      return ErrorCode.INSTANCE_FAILED;
    }
    return ErrorCode.DATA_EXCEPTION;
  }

  private static ErrorCode other(String message) {
    if (message.contains("INTERNAL Error") || message.contains("database has been invalidated")) {
      return ErrorCode.INSTANCE_FAILED;
    }
    return message.startsWith("INTERRUPT") || message.equals("Interrupted!")
        ? ErrorCode.STATEMENT_CANCELLED
        : ErrorCode.INTERNAL_ERROR;
  }

  private static String shown(ErrorCode code, String message) {
    return switch (code) {
      case INSTANCE_FAILED -> "the engine instance failed; the statement can be sent again";
      case INTERNAL_ERROR -> "the engine reported an unexpected error";
      case OUT_OF_MEMORY ->
          "the statement needs more memory than its instance may use; reduce it or raise the limit";
      case DISK_FULL ->
          "there is no space left on the disk, or the limit of temporary space was hit";
      case DATA_FILE_MISSING -> "a data file of the table is missing";
      case STORAGE_ERROR -> "a data file could not be read or written";
      case ACCESS_DENIED -> "the statement tried to reach what is outside of its database";
      case STATEMENT_CANCELLED -> "the statement was cancelled";
      case FUNCTION_NOT_FOUND, COLUMN_NOT_FOUND -> clean(message);
      case COLLECTION_NOT_FOUND, SCHEMA_NOT_FOUND -> clean(withoutSuggestions(message));
      default -> clean(withoutSuggestions(message));
    };
  }

  /** Suggestions name objects that the user may have no grant on; those of columns are kept. */
  private static String withoutSuggestions(String message) {
    int cut = message.length();
    for (String mark : new String[] {"\nDid you mean", " Did you mean", "\nCandidate tables"}) {
      int at = message.indexOf(mark);
      if (at >= 0) {
        cut = Math.min(cut, at);
      }
    }
    return message.substring(0, cut);
  }

  private static String clean(String message) {
    String text = PRIVATE_CATALOG.matcher(message).replaceAll("");
    if (text.startsWith("Values list \"")) {
      // What the user calls a table is a view to DuckDB, and it says so in its own way.
      text = "Table" + text.substring("Values list".length());
    }
    text = PATH.matcher(text).replaceAll("<path>");
    int line = text.indexOf("\n\nLINE ");
    text = (line < 0 ? text : text.substring(0, line)).strip();
    return text.length() > MAX_MESSAGE ? text.substring(0, MAX_MESSAGE) + "…" : text;
  }
}
