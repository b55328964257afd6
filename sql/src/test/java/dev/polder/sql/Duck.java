package dev.polder.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polder.sql.parse.SelectParser;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** DuckDB on one connection, for tests: its parser, and statements to run. */
public final class Duck implements SelectParser, AutoCloseable {
  private static final JsonMapper JSON =
      new JsonMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxNestingDepth(100_000).build())
              .build());

  private final Connection connection;

  public Duck() {
    try {
      connection = DriverManager.getConnection("jdbc:duckdb:");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized JsonNode parse(String select) {
    return serialize(select, "SELECT json_serialize_sql(?)");
  }

  /** As the server asks for it: without null and empty fields. */
  public synchronized JsonNode parseSparse(String select) {
    return serialize(select, "SELECT json_serialize_sql(?, skip_null := true, skip_empty := true)");
  }

  private JsonNode serialize(String select, String call) {
    try (PreparedStatement statement = connection.prepareStatement(call)) {
      statement.setString(1, select);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return JSON.readTree(rows.getString(1));
      }
    } catch (SQLException | JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  public Connection connection() {
    return connection;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
