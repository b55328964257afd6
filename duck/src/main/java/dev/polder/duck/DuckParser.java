package dev.polder.duck;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBPreparedStatement;

/**
 * DuckDB's parser, on a tiny instance of its own that holds nothing and can reach nothing. It takes
 * every form of SELECT; statements of other kinds are refused with {@code NOT_SUPPORTED}.
 * Thread-safe.
 */
public final class DuckParser implements AutoCloseable {
  private static final String SERIALIZE =
      "SELECT json_serialize_sql(?, skip_null := true, skip_empty := true)";
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(100_000)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .build();

  private final NativeThreads threads;
  private final DuckDBConnection root;
  private final ConcurrentLinkedDeque<Prepared> idle = new ConcurrentLinkedDeque<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  private record Prepared(DuckDBConnection connection, DuckDBPreparedStatement statement) {
    void close() throws SQLException {
      statement.close();
      connection.close();
    }
  }

  public DuckParser(NativeThreads threads) {
    this.threads = threads;
    this.root = threads.call(Sandbox::parserInstance);
  }

  /**
   * The serialiser's whole answer: a syntax tree of statements, or an object whose {@code error} is
   * true.
   */
  public JsonNode answer(String select) {
    try {
      return JSON.readTree(threads.call(() -> serialize(select)));
    } catch (JsonProcessingException e) {
      throw new PolderException(
          ErrorCode.STATEMENT_TOO_COMPLEX, "the statement is nested too deeply", e);
    }
  }

  /** The syntax tree of the text, which may hold several SELECT statements. */
  public ParsedSelect parse(String select) {
    JsonNode tree = answer(select);
    if (tree.path("error").asBoolean()) {
      throw refused(select, tree);
    }
    return new ParsedSelect(select, tree);
  }

  private static PolderException refused(String select, JsonNode answer) {
    String message = answer.path("error_message").asText("the statement cannot be parsed");
    if (answer.path("error_type").asText("").equalsIgnoreCase("not implemented")) {
      return new PolderException(ErrorCode.NOT_SUPPORTED, message);
    }
    int position =
        answer.hasNonNull("position")
            ? ByteOffsets.of(select).toChar(answer.get("position").asLong())
            : -1;
    return new PolderException(ErrorCode.SYNTAX_ERROR, message, position, null);
  }

  private String serialize(String select) throws SQLException {
    Prepared prepared = idle.pollFirst();
    if (prepared == null) {
      DuckDBConnection connection = root.duplicate();
      prepared = new Prepared(connection, connection.prepare(SERIALIZE));
    }
    boolean ok = false;
    try {
      prepared.statement.setString(1, select);
      try (ResultSet rows = prepared.statement.executeQuery()) {
        rows.next();
        String answer = rows.getString(1);
        ok = true;
        return answer;
      }
    } finally {
      // A statement that failed is closed by the driver, so its connection is not used again.
      if (ok && !closed.get()) {
        idle.addFirst(prepared);
      } else {
        prepared.close();
      }
    }
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    threads.call(() -> {
      for (Prepared prepared = idle.poll(); prepared != null; prepared = idle.poll()) {
        prepared.close();
      }
      root.close();
      return true;
    });
  }
}
