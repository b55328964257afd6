package dev.polder.benchmarks.side;

import dev.polder.benchmarks.harness.Answer;
import dev.polder.benchmarks.harness.RowHash;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBResultSet;

/**
 * DuckDB alone, in this process, with the same threads and memory as the server's instances. Used
 * by one thread.
 */
public final class BareDuck implements AutoCloseable {
  private static final long BATCH_ROWS = 122_880;

  private final BufferAllocator allocator = new RootAllocator();
  private final DuckDBConnection connection;

  public BareDuck(int threads, long memoryBytes) throws SQLException {
    Properties settings = new Properties();
    settings.setProperty("jdbc_stream_results", "true");
    connection =
        DriverManager.getConnection("jdbc:duckdb:", settings).unwrap(DuckDBConnection.class);
    execute("SET threads = " + threads);
    execute("SET memory_limit = '" + memoryBytes + "B'");
    execute("SET TimeZone = 'UTC'");
  }

  public BufferAllocator allocator() {
    return allocator;
  }

  public void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** A view that reads Parquet files. */
  public void view(String name, List<Path> files) throws SQLException {
    execute("CREATE OR REPLACE VIEW \"" + name + "\" AS SELECT * FROM " + parquet(files));
  }

  /** The table function call that reads the files. */
  public static String parquet(List<Path> files) {
    return files.stream()
        .map(file -> "'" + file.toString().replace("'", "''") + "'")
        .collect(Collectors.joining(", ", "read_parquet([", "])"));
  }

  /** Runs a query and reads its whole answer as Arrow batches. */
  public Answer read(String sql, boolean hash) throws Exception {
    try (Statement statement = connection.createStatement();
        DuckDBResultSet rows = (DuckDBResultSet) statement.executeQuery(sql);
        ArrowReader reader = (ArrowReader) rows.arrowExportStream(allocator, BATCH_ROWS)) {
      return drain(reader, hash);
    }
  }

  static Answer drain(ArrowReader reader, boolean hash) throws Exception {
    RowHash sum = new RowHash();
    long rows = 0;
    while (reader.loadNextBatch()) {
      rows += reader.getVectorSchemaRoot().getRowCount();
      if (hash) {
        sum.add(reader.getVectorSchemaRoot());
      }
    }
    return hash ? sum.answer() : new Answer(rows, 0);
  }

  /** What is done with a result's batches. */
  @FunctionalInterface
  public interface Batches<T> {
    T use(ArrowReader reader) throws Exception;
  }

  /** Runs a query and hands on its batches. */
  public <T> T export(String sql, Batches<T> batches) throws Exception {
    try (Statement statement = connection.createStatement();
        DuckDBResultSet rows = (DuckDBResultSet) statement.executeQuery(sql);
        ArrowReader reader = (ArrowReader) rows.arrowExportStream(allocator, BATCH_ROWS)) {
      return batches.use(reader);
    }
  }

  /** All cells of all rows, as text. */
  public String text(String sql) throws SQLException {
    StringBuilder text = new StringBuilder();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        for (int i = 1; i <= columns; i++) {
          text.append(rows.getString(i)).append('\n');
        }
      }
    }
    return text.toString();
  }

  /** The name of a file's first column. */
  public String firstColumn(Path file) throws SQLException {
    return text("SELECT name FROM (SELECT row_number() OVER () AS place, name, num_children"
            + " FROM parquet_schema('"
            + file
            + "')) WHERE place = 2")
        .strip();
  }

  /** Writes all batches to one Parquet file, in their order. */
  public void writeParquet(ArrowReader reader, Path file) throws SQLException {
    try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
      Data.exportArrayStream(allocator, reader, stream);
      connection.registerArrowStream("incoming", stream);
      execute("COPY (SELECT * FROM incoming) TO '" + file + "' (FORMAT parquet)");
    }
  }

  @Override
  public void close() throws SQLException {
    try {
      connection.close();
    } finally {
      allocator.close();
    }
  }
}
