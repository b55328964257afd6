package dev.polder.server.suite.differential;

import dev.polder.server.suite.Answer;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBResultSet;

/** DuckDB by itself, with native tables in a catalog named as the database of the suite. */
final class BareDuck implements AutoCloseable {
  private final DuckDBConnection connection;
  private final BufferAllocator allocator = new RootAllocator();

  BareDuck(String catalog, List<String> setup) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", properties);
    run("ATTACH ':memory:' AS " + catalog);
    run("USE " + catalog + ".main");
    run("SET TimeZone = 'UTC'");
    run("SET threads = 2");
    for (String statement : setup) {
      run(statement);
    }
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new SQLException("while running " + sql, e);
    }
  }

  Answer ask(Question question) throws SQLException, IOException {
    try (PreparedStatement statement = connection.prepareStatement(question.sql())) {
      for (int i = 0; i < question.parameters().size(); i++) {
        statement.setObject(i + 1, question.parameters().get(i));
      }
      try (DuckDBResultSet rows = (DuckDBResultSet) statement.executeQuery();
          ArrowReader reader = (ArrowReader) rows.arrowExportStream(allocator, 10_000)) {
        ResultSetMetaData meta = rows.getMetaData();
        List<String> columns = new ArrayList<>();
        List<String> types = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
          columns.add(meta.getColumnName(i));
          types.add(meta.getColumnTypeName(i));
        }
        List<List<String>> values = new ArrayList<>();
        while (reader.loadNextBatch()) {
          Answer.append(reader.getVectorSchemaRoot(), reader, values);
        }
        return new Answer(columns, types, values);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
    allocator.close();
  }
}
