package dev.polder.federation.postgres;

import dev.polder.sql.remote.RemoteQuery;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** A DuckDB that reads what sources hand over, as the engine does. */
final class Duck implements AutoCloseable {
  final BufferAllocator allocator = new RootAllocator();
  private final DuckDBConnection connection;

  Duck() {
    try {
      connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
      execute("SET TimeZone='UTC'");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  /** Makes a table of a reader's rows, each column cast to the type that its query expects. */
  void load(String table, RemoteQuery query, ArrowReader reader) {
    String columns =
        query.outputs().stream()
            .map(output -> {
              String name = "\"" + output.name() + "\"";
              return "CAST(" + name + " AS " + output.value().type() + ") AS " + name;
            })
            .collect(Collectors.joining(", "));
    scan("CREATE OR REPLACE TABLE " + table + " AS SELECT " + columns + " FROM rows", reader);
  }

  /** Runs a statement on what a reader gives, called {@code rows}. */
  void scan(String sql, ArrowReader reader) {
    try (reader;
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
      Data.exportArrayStream(allocator, reader, stream);
      connection.registerArrowStream("rows", stream);
      execute(sql);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A query's rows, to be written elsewhere; the reader must be closed before the next call. */
  ArrowReader export(String sql) {
    try {
      Statement statement = connection.createStatement();
      ResultSet rows = statement.executeQuery(sql);
      return (ArrowReader)
          rows.unwrap(org.duckdb.DuckDBResultSet.class).arrowExportStream(allocator, 10_000);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Rows of texts. */
  List<List<@Nullable String>> rows(String sql) {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<List<@Nullable String>> all = new ArrayList<>();
      while (rows.next()) {
        List<@Nullable String> row = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          row.add(rows.getString(i));
        }
        all.add(row);
      }
      return all;
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    allocator.close();
  }
}
